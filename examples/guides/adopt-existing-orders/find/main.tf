terraform {
  required_version = ">= 1.5.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

data "runa_orders" "recent" {
  status        = "COMPLETED"
  created_after = timeadd(plantimestamp(), "-720h")
  limit         = 50
}

output "orders" {
  value = { for order in data.runa_orders.recent.orders : order.id => "${order.total_price} ${order.currency}, ${coalesce(order.description, "no description")}" }
}
