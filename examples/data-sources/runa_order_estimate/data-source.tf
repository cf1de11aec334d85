terraform {
  required_version = ">= 1.5.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# The estimate and the order use the same value, so that what is priced is what is bought.
locals {
  reward = {
    payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
    items = [{
      face_value          = 100
      distribution_method = { type = "EMAIL", email_address = "ada@example.com" }
      products            = { type = "SINGLE", value = "ACME-US" }
    }]
  }
}

# Production only: Runa's playground has no estimates.
data "runa_order_estimate" "reward" {
  payment_method = local.reward.payment_method
  items          = local.reward.items
}

resource "runa_order" "reward" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/data-order-estimate/ada")
  payment_method  = local.reward.payment_method
  items           = local.reward.items

  lifecycle {
    precondition {
      condition     = tonumber(data.runa_order_estimate.reward.total_price) <= 100
      error_message = "The reward would cost ${data.runa_order_estimate.reward.total_price} USD."
    }
  }
}

# A check only warns. It stops nothing.
check "discount" {
  assert {
    condition     = tonumber(data.runa_order_estimate.reward.total_discount) > 0
    error_message = "Runa gives no discount on this reward now."
  }
}

output "cost" {
  value = "${data.runa_order_estimate.reward.total_price} ${data.runa_order_estimate.reward.currency}"
}
