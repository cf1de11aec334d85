data "runa_product_countries" "all" {}

locals {
  offices = ["DE", "GB", "US"]
}

# Offices for which there is nothing to give.
output "offices_without_products" {
  value = setsubtract(local.offices, data.runa_product_countries.all.countries)
}
