# Asks for a top-up before the money is gone. Run it on a schedule, with
# `plan` only: it buys nothing.

terraform {
  required_providers {
    runa = {
      source = "runa-community/runa"
    }
  }
}

variable "least" {
  description = "What each balance should hold at least."
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
      "Top up ${currency}: ${lookup(data.runa_balances.now.by_currency, currency, "0")} are left, and ${least} are the least."
      if tonumber(lookup(data.runa_balances.now.by_currency, currency, "0")) < least
    ])
  }
}
