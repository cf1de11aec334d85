terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

data "runa_balances" "all" {}

# Runa leaves out currencies without money.
output "dollars" {
  value = lookup(data.runa_balances.all.by_currency, "USD", "0")
}
