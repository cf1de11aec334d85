terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

variable "winners" {
  description = "Winners, by an id that never changes."
  type        = map(object({ email = string, value = number }))
  default = {
    "w-001" = { email = "ada@example.com", value = 25 }
    "w-002" = { email = "brook@example.com", value = 50 }
  }
}

resource "runa_order" "reward" {
  for_each = var.winners

  # Made from the campaign and the winner's id, which never change. The e-mail address
  # and the value are left out, because they may be corrected before the purchase. The
  # idempotency key stays the same when Runa refuses an order: fix the cause and apply
  # again.
  idempotency_key = uuidv5("url", "https://rewards.example.com/spring-26/${each.key}")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = each.value.value
    distribution_method = { type = "EMAIL", email_address = each.value.email }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}
