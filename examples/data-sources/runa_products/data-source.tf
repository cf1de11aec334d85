terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# All gift cards that can be ordered now for people in two countries.
data "runa_products" "cards" {
  countries_redeemable_in = ["DE", "GB"]
  payout_type             = "gift_card"
  is_orderable            = true
}

# Two products by code. The plan fails if one of them leaves the catalogue, or if the
# terms of one of them change.
data "runa_products" "prizes" {
  codes = ["ACME-US", "BOLT-US"]

  lifecycle {
    postcondition {
      condition     = var.agreed_digest == null || self.digest == var.agreed_digest
      error_message = "The terms of the prizes have changed. If you agree, set agreed_digest to ${self.digest}."
    }
  }
}

variable "agreed_digest" {
  description = "Digest of the prizes that you agreed to. Null means that it is not checked."
  type        = string
  default     = null
}

output "card_names" {
  value = { for code, product in data.runa_products.cards.products : code => product.name }
}
