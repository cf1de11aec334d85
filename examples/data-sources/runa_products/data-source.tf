# Every gift card that can be ordered now for people in two countries.
data "runa_products" "cards" {
  countries_redeemable_in = ["DE", "GB"]
  payout_type             = "gift_card"
  is_orderable            = true
}

# Two products by name. The plan fails when one of them leaves the catalogue, and
# when the terms of either are no longer the ones that were agreed to.
data "runa_products" "prizes" {
  codes = ["ACME-US", "BOLT-US"]

  lifecycle {
    postcondition {
      condition     = var.agreed_digest == null || self.digest == var.agreed_digest
      error_message = "The prizes' terms have changed. If you agree, set agreed_digest to ${self.digest}."
    }
  }
}

variable "agreed_digest" {
  description = "Digest of the prizes as agreed. Not checked when null."
  type        = string
  default     = null
}

output "card_names" {
  value = { for code, product in data.runa_products.cards.products : code => product.name }
}
