terraform {
  required_version = ">= 1.8.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

resource "runa_order" "reward" {
  for_each = {
    "w-001" = "ada@example.com"
    "w-002" = "brook@example.com"
  }

  idempotency_key = provider::runa::order_key("order-key-example", "spring-26", each.key)

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 10
    distribution_method = { type = "EMAIL", email_address = each.value }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}
