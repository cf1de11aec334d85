terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

resource "runa_order" "welcome" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/data-order/chen")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 25
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}

# Any order of the account can be read by its order id. Here it is the order above.
data "runa_order" "welcome" {
  id = runa_order.welcome.order_id
}

output "payout_statuses" {
  value = data.runa_order.welcome.payouts[*].status
}
