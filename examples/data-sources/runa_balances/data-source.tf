data "runa_balances" "all" {}

# Currencies without money are left out by Runa.
output "dollars" {
  value = lookup(data.runa_balances.all.by_currency, "USD", "0")
}
