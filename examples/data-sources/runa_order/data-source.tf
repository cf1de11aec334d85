resource "runa_order" "welcome" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/welcome/chen")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 25
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}

# Any order of the account, by Runa's id: here one that is at hand.
data "runa_order" "welcome" {
  id = runa_order.welcome.order_id
}

output "what_became_of_it" {
  value = data.runa_order.welcome.payouts[*].status
}
