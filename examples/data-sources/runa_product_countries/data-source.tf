terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

data "runa_product_countries" "all" {}

locals {
  offices = ["DE", "GB", "US"]
}

# Offices in countries for which Runa has no product.
output "offices_without_products" {
  value = setsubtract(local.offices, data.runa_product_countries.all.countries)
}
