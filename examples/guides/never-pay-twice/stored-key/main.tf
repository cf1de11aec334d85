terraform {
  required_version = ">= 1.5.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# Terraform makes this id and stores it before it sends the order.
resource "terraform_data" "key" {
  input = "thank-you for the conference talk"
}

resource "runa_order" "thanks" {
  idempotency_key = terraform_data.key.id

  payment_method = { type = "ACCOUNT_BALANCE", currency = "GBP" }
  items = [{
    face_value          = 20
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = "TEA-GB" }
  }]
}
