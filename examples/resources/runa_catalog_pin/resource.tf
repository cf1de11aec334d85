terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# The prizes as you agreed to them. A plan warns when the catalogue changes. To agree to
# the change, set on_drift = "update".
resource "runa_catalog_pin" "prizes" {
  codes = ["ACME-US", "BOLT-US"]
}

# All food products that can be ordered in two countries. The plan fails when one of them
# changes or goes, and when there is a new one.
resource "runa_catalog_pin" "food" {
  countries_redeemable_in = ["DE", "GB"]
  categories              = ["food-and-drink"]
  is_orderable            = true
  on_drift                = "error"
  compare                 = ["denominations", "is_orderable", "name"]
}

resource "runa_order" "prize" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/catalog-pin/ada")

  payment_method = {
    type     = "ACCOUNT_BALANCE"
    currency = runa_catalog_pin.prizes.products["ACME-US"].currency
  }

  items = [{
    face_value          = 25
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "MULTIPLE", values = runa_catalog_pin.prizes.codes }
  }]
}

output "changed" {
  value = runa_catalog_pin.prizes.drift
}
