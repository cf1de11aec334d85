# Rewards of several teams. Each team has its own budget.

terraform {
  required_version = ">= 1.5.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

variable "budgets" {
  description = "The most that each team may spend in all, in USD."
  type        = map(number)
  default = {
    blue  = 100
    green = 150
  }
}

locals {
  rewards = csvdecode(file("${path.module}/rewards.csv"))
}

module "team" {
  source   = "./modules/team"
  for_each = var.budgets

  team   = each.key
  budget = each.value
  rewards = {
    for reward in local.rewards : reward.person => reward if reward.team == each.key
  }
}

# Warns about rewards of a team without a budget, which are not bought.
check "every_team_has_a_budget" {
  assert {
    condition     = alltrue([for reward in local.rewards : contains(keys(var.budgets), reward.team)])
    error_message = "Some rewards belong to a team without a budget. They are not bought."
  }
}

output "left" {
  description = "What is left of each budget."
  value       = { for team, rewards in module.team : team => rewards.left }
}
