terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

resource "runa_order" "reward" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/fail-the-run/w-003")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "EUR" }
  items = [{
    face_value          = 30
    distribution_method = { type = "EMAIL", email_address = "chen@example.com" }
    products            = { type = "SINGLE", value = "CAFE-DE" }
  }]

  lifecycle {
    postcondition {
      condition     = self.status == "COMPLETED"
      error_message = "Order ${self.id} is ${self.status}. Run apply again: it finishes this order, and buys nothing twice."
    }
  }
}
