# Paying with one currency for a reward in another (Embedded FX). Such an order
# has exactly one item and is synchronous: Runa answers when it is done.

terraform {
  required_providers {
    runa = {
      source = "runa-community/runa"
    }
  }
}

data "runa_product" "gift" {
  code = "BOLT-US"
}

resource "runa_order" "gift" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/abroad/ada")
  execution_mode  = "sync"

  # Pounds pay for dollars.
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
