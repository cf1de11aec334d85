# Rewards of several teams, each with a budget of its own.

terraform {
  required_providers {
    runa = {
      source = "runa-community/runa"
    }
  }
}

variable "budgets" {
  description = "What each team may spend in all, in USD."
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

# A reward of a team without a budget would be left out in silence.
check "every_team_has_a_budget" {
  assert {
    condition     = alltrue([for reward in local.rewards : contains(keys(var.budgets), reward.team)])
    error_message = "Some rewards are of a team without a budget, and are not bought."
  }
}

output "left" {
  description = "What is left of each budget."
  value       = { for team, rewards in module.team : team => rewards.left }
}
