terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

variable "reason" {
  description = "What the reward is for. It is part of the idempotency key, so it must never change."
  type        = string

  validation {
    condition     = length(var.reason) > 0
    error_message = "A reward needs a reason."
  }
}

variable "recipient" {
  description = "Who gets the reward, as an id. It is part of the idempotency key, so it must never change."
  type        = string
}

variable "product" {
  description = "Code of the product."
  type        = string
}

variable "value" {
  description = "What the reward is worth, in the product's currency, at most 100."
  type        = number

  validation {
    condition     = var.value > 0 && var.value <= 100
    error_message = "A reward is worth more than 0 and at most 100."
  }
}

variable "email" {
  description = "E-mail address to which Runa sends the reward. Null for a link that you pass on."
  type        = string
  default     = null
}

data "runa_product" "this" {
  code = var.product
}

resource "runa_order" "this" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/reward-module/${var.reason}/${var.recipient}")
  description     = "${var.reason}: ${var.recipient}"

  payment_method = { type = "ACCOUNT_BALANCE", currency = data.runa_product.this.currency }

  items = [{
    face_value = var.value
    distribution_method = {
      type          = var.email == null ? "PAYOUT_LINK" : "EMAIL"
      email_address = var.email
    }
    products = { type = "SINGLE", value = data.runa_product.this.code }
  }]
}

output "order_id" {
  description = "Order id at Runa."
  value       = runa_order.this.order_id
}

output "status" {
  description = "Status of the order."
  value       = runa_order.this.status
}

output "price" {
  description = "What the order cost."
  value       = runa_order.this.total_price
}

output "link" {
  description = "The link, for a reward without an e-mail address. Whoever has it can spend it."
  value       = var.email == null ? try(runa_order.this.payout_links[0], null) : null
  sensitive   = true
}
