terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

data "runa_product_categories" "all" {}

# A category that Runa does not have selects no product. The precondition below makes
# it an error.
variable "category" {
  type    = string
  default = "fashion"
}

data "runa_products" "chosen" {
  categories              = [var.category]
  countries_redeemable_in = ["US"]

  lifecycle {
    precondition {
      condition     = contains(data.runa_product_categories.all.categories, var.category)
      error_message = "Runa has no category ${var.category}."
    }
  }
}
