terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

variable "winner" {
  description = "Id of the winner. It is part of the idempotency key, so it must never change."
  type        = string
  default     = "w-001"
}

variable "value" {
  description = "Face value of the reward, at most 100."
  type        = number
  default     = 25

  validation {
    condition     = var.value <= 100
    error_message = "A reward is worth at most 100."
  }
}

data "runa_product" "gift" {
  code = "ACME-US"
}

resource "runa_order" "reward" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/test-your-configuration/${var.winner}")

  payment_method = { type = "ACCOUNT_BALANCE", currency = data.runa_product.gift.currency }
  items = [{
    face_value          = var.value
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = data.runa_product.gift.code }
  }]
}

output "summary" {
  value = "${runa_order.reward.status}: ${runa_order.reward.total_price} ${runa_order.reward.currency}"
}

output "link" {
  value     = try(runa_order.reward.payout_links[0], null)
  sensitive = true
}
