terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# All orders of the account that failed since the campaign began, whoever placed them.
data "runa_orders" "failed" {
  status        = "FAILED"
  created_after = "2026-05-01T00:00:00Z"
}

# The last ten orders.
data "runa_orders" "latest" {
  limit = 10
}

output "failed" {
  value = { for order in data.runa_orders.failed.orders : order.id => order.description }
}

output "latest_prices" {
  value = [for order in data.runa_orders.latest.orders : "${order.total_price} ${order.currency}"]
}
