variable "orders" { type = number }
variable "items" { type = number }

resource "terraform_data" "reward" {
  for_each = { for order in range(var.orders) : format("%05d", order) => order }

  input = {
    idempotency_key = "bench-${each.key}"
    payment_method  = { type = "ACCOUNT_BALANCE", currency = "USD" }
    items = [for item in range(var.items) : {
      face_value          = 25
      distribution_method = { type = "EMAIL", email_address = "winner-${each.key}-${item}@example.com" }
      products            = { type = "SINGLE", value = "ACME-US" }
    }]
  }
}
