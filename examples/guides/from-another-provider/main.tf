terraform {
  required_version = ">= 1.8.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# Say what was bought, and leave idempotency_key unset: it cannot be changed any more.

# Was a restapi_object.
moved {
  from = restapi_object.ana
  to   = runa_order.ana
}

resource "runa_order" "ana" {
  description    = "spring raffle"
  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 25
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}

# Was a restful_resource.
moved {
  from = restful_resource.ben
  to   = runa_order.ben
}

resource "runa_order" "ben" {
  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 20
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "MULTIPLE", values = ["ACME-US", "BOLT-US"] }
  }]
}
