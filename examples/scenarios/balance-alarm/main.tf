# Warns when a balance is low. Run `plan` on a schedule: it buys nothing.

terraform {
  required_version = ">= 1.5.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

variable "least" {
  description = "The least that each balance should hold."
  type        = map(number)
  default = {
    EUR = 1000
    GBP = 1000
    USD = 2500
  }
}

data "runa_balances" "now" {}

check "balances_are_high_enough" {
  assert {
    condition = alltrue([
      for currency, least in var.least : tonumber(lookup(data.runa_balances.now.by_currency, currency, "0")) >= least
    ])
    error_message = join("\n", [
      for currency, least in var.least :
      "Top up ${currency}: ${lookup(data.runa_balances.now.by_currency, currency, "0")} are left, and there should be ${least}."
      if tonumber(lookup(data.runa_balances.now.by_currency, currency, "0")) < least
    ])
  }
}
