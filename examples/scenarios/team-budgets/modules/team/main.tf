terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

variable "team" {
  description = "The team's name. It is part of every idempotency key, so it must never change."
  type        = string
}

variable "budget" {
  description = "The most that the team may spend in all, in USD."
  type        = number
}

variable "rewards" {
  description = "Rewards by person."
  type        = map(object({ product = string, face_value = number, email = string }))
}

locals {
  planned = sum(concat([0], [for reward in var.rewards : reward.face_value]))
}

resource "runa_order" "reward" {
  for_each = var.rewards

  idempotency_key = uuidv5("url", "https://rewards.example.com/team-budgets/${var.team}/${each.key}")
  description     = "${var.team}: ${each.key}"
  metadata        = { team = var.team }

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value = each.value.face_value
    distribution_method = {
      type          = each.value.email == "" ? "PAYOUT_LINK" : "EMAIL"
      email_address = each.value.email == "" ? null : each.value.email
    }
    products = { type = "SINGLE", value = each.value.product }
  }]

  lifecycle {
    # Checked before anything is bought. If the rewards cost too much, none is bought.
    precondition {
      condition     = local.planned <= var.budget
      error_message = "The rewards of team ${var.team} come to ${local.planned} USD, and its budget is ${var.budget}."
    }
  }
}

output "left" {
  value = var.budget - local.planned
}
