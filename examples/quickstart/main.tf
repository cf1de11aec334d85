# Rewards for the winners of a campaign: one order for each line of winners.csv.

terraform {
  required_version = ">= 1.5.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# The API key comes from RUNA_API_KEY.
provider "runa" {}

data "runa_ping" "this" {}

# What Runa sells of the products in winners.csv, each with its currency.
data "runa_products" "rewards" {
  countries_redeemable_in = distinct([for winner in local.winners : winner.country])
  codes                   = distinct(flatten([for winner in local.winners : winner.products]))

  lifecycle {
    precondition {
      condition     = length(local.mistakes) == 0
      error_message = "${var.winners_file} cannot be used, and nothing is bought:\n${join("\n", local.mistakes)}"
    }

    # Fine on a local sandbox. Elsewhere two teams that copied this example would
    # share their idempotency keys.
    precondition {
      condition     = !can(regex("example[.]com", var.namespace)) || can(regex("^http://", data.runa_ping.this.base_url))
      error_message = "The namespace is still the example's. Set one of your own in terraform.tfvars."
    }
  }
}

# Keys of a map, not the whole objects: the CLIs are slow with thousands of objects in
# for_each. For a list that long, runa_campaign is better still.
resource "runa_order" "reward" {
  for_each = toset(keys(local.winners))

  # Namespace, campaign and winner always give the same idempotency key, and Runa sells
  # once for each idempotency key: a lost state or a killed run buys nothing twice. It
  # also stays the same when Runa refuses an order: correct the cause and apply again.
  idempotency_key = uuidv5("url", "${var.namespace}/${var.campaign}/${each.key}")
  description     = "${var.campaign} ${each.key}"

  payment_method = {
    type     = "ACCOUNT_BALANCE"
    currency = data.runa_products.rewards.products[local.winners[each.key].products[0]].currency
  }

  items = [{
    face_value = tonumber(local.winners[each.key].face_value)

    # Runa e-mails the reward. Without an address there is a link to pass on.
    distribution_method = {
      type          = local.winners[each.key].email == "" ? "PAYOUT_LINK" : "EMAIL"
      email_address = local.winners[each.key].email == "" ? null : local.winners[each.key].email
    }

    products = {
      type   = length(local.winners[each.key].products) == 1 ? "SINGLE" : "MULTIPLE"
      value  = length(local.winners[each.key].products) == 1 ? local.winners[each.key].products[0] : null
      values = length(local.winners[each.key].products) == 1 ? null : local.winners[each.key].products
    }
  }]
}
