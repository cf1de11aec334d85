data "runa_balance" "usd" {
  currency = "USD"
}

# Only looked at, so that it changes no plan.
check "enough_dollars" {
  assert {
    condition     = tonumber(data.runa_balance.usd.balance) >= 500
    error_message = "Only ${data.runa_balance.usd.balance} USD are left: top up."
  }
}
