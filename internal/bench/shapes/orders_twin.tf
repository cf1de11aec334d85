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

resource "terraform_data" "reward" {
  for_each = local.orders
  input    = each.value
}
