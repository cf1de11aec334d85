terraform {
  required_providers {
    runa = { source = "runa-community/runa" }
  }
}

variable "orders" { type = number }
variable "items" { type = number }

locals {
  orders = { for order in range(var.orders) : format("order-%05d", order) => {
    idempotency_key = format("bench-%05d", order)
    payment_method  = { type = "ACCOUNT_BALANCE", currency = "USD" }
    items = [for item in range(var.items) : {
      face_value          = 25
      distribution_method = { type = "EMAIL", email_address = format("winner-%05d-%03d@example.com", order, item) }
      products            = { type = "SINGLE", value = "ACME-US" }
    }]
  } }
}

# The rate is not what is measured here: at Runa's own, 1,000 orders take more than three
# minutes.
provider "runa" {
  orders_per_minute = 60000
}

resource "runa_order" "reward" {
  for_each        = local.orders
  idempotency_key = each.value.idempotency_key
  payment_method  = each.value.payment_method
  items           = each.value.items
}
