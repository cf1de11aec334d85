terraform {
  required_version = ">= 1.5.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

data "runa_balance" "usd" {
  currency = "USD"
}

# A check only warns. It stops nothing.
check "enough_dollars" {
  assert {
    condition     = tonumber(data.runa_balance.usd.balance) >= 500
    error_message = "Only ${data.runa_balance.usd.balance} USD are left. Top up the account."
  }
}
