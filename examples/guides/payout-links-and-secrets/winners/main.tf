terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# The file stays out of version control; a pipeline fetches it before it plans.
locals {
  winners = { for winner in csvdecode(file("${path.module}/winners.csv")) : winner.id => sensitive(winner.email) }
}

resource "runa_order" "prize" {
  for_each        = local.winners
  idempotency_key = uuidv5("url", "https://rewards.example.com/secret-addresses/${each.key}")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 25
    distribution_method = { type = "EMAIL", email_address = each.value }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}
