data "runa_product_categories" "all" {}

# A category that Runa does not have would select nothing, in silence.
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
