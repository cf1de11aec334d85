terraform {
  required_providers {
    runa = { source = "runa-community/runa" }
  }
}

variable "codes" { type = set(string) }

provider "runa" {}

# The twenty with the most products.
data "runa_products" "of" {
  for_each = toset([
    "US", "GB", "DE", "CA", "FR", "ES", "IT", "NL", "AU", "JP",
    "SE", "PL", "AE", "AR", "AT", "BE", "BR", "CH", "CL", "CN",
  ])
  countries_redeemable_in = [each.key]
}

data "runa_product" "one" {
  for_each = var.codes
  code     = each.key
}
