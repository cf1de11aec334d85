# Made and stored before the order starts, and kept until the order goes.
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
