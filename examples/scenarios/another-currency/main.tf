# Pays with one currency for a reward in another (Embedded FX). Such an order must have
# exactly one item and be synchronous: Runa answers when the order is finished.

terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

data "runa_product" "gift" {
  code = "BOLT-US"
}

resource "runa_order" "gift" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/another-currency/ada")
  execution_mode  = "sync"

  # Pays pounds. The product is in dollars.
  payment_method = { type = "ACCOUNT_BALANCE", currency = "GBP" }

  items = [{
    face_value          = 40
    distribution_method = { type = "EMAIL", email_address = "ada@example.com" }
    products            = { type = "SINGLE", value = data.runa_product.gift.code }
  }]
}

locals {
  exchange = runa_order.gift.transaction_detail[data.runa_product.gift.currency]
}

output "what_it_cost" {
  value = "${runa_order.gift.total_price} ${runa_order.gift.currency} for ${local.exchange.value} ${data.runa_product.gift.currency}"
}

output "rate_and_fee" {
  value = "${local.exchange.fx.rate_symbol} at ${local.exchange.fx.rate}, fee ${local.exchange.fx.fee.value} ${local.exchange.fx.fee.currency}"
}
