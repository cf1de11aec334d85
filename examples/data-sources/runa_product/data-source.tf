data "runa_product" "acme" {
  code = "ACME-US"
}

output "acme_denominations" {
  value = data.runa_product.acme.denominations.available_list
}
