terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

data "runa_product" "acme" {
  code    = "ACME-US"
  content = "md"
}

output "acme_denominations" {
  value = data.runa_product.acme.denominations.available_list
}

output "acme_how_to_redeem" {
  value = data.runa_product.acme.content_resources.texts["redemption_instructions_md"]
}
