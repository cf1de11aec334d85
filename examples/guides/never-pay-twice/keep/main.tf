terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

resource "runa_order" "reward" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/keep/w-004")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 12.5
    distribution_method = { type = "EMAIL", email_address = "dana@example.com" }
    products            = { type = "SINGLE", value = "BOLT-US" }
  }]

  lifecycle {
    # Keeps the record of what was bought. If Runa refuses the order, run untaint for
    # this address before you apply again.
    prevent_destroy = true
  }
}
