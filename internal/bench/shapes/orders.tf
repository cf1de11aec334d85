terraform {
  required_providers {
    runa = { source = "runa-community/runa" }
  }
}

variable "orders" { type = number }
variable "items" { type = number }

# The rate is not what is measured here: at Runa's own, 1,000 orders take more than three
# minutes.
provider "runa" {
  orders_per_minute = 60000
}

# The CLIs evaluate for_each again for each instance. Its values are small, so that this is
# not what is measured.
resource "runa_order" "reward" {
  for_each = { for order in range(var.orders) : format("%05d", order) => order }

  idempotency_key = "bench-${each.key}"
  payment_method  = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [for item in range(var.items) : {
    face_value          = 25
    distribution_method = { type = "EMAIL", email_address = "winner-${each.key}-${item}@example.com" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}
