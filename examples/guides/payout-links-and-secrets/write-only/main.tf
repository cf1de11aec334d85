terraform {
  required_version = ">= 1.11.0"
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
  idempotency_key = uuidv5("url", "https://rewards.example.com/write-only-addresses/${each.key}")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 25
    distribution_method = { type = "EMAIL" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]

  # One element for each item, in the same order.
  recipients_wo = [{ email_address = each.value }]
}
