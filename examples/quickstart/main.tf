# Rewards for the winners of a campaign: one order for each line of winners.csv.

terraform {
  required_providers {
    runa = {
      source = "runa-community/runa"
    }
  }
}

# The key comes from RUNA_API_KEY.
provider "runa" {}

variable "campaign" {
  description = "Names the campaign. Another name is another campaign: every winner is rewarded again."
  type        = string
  default     = "autumn-raffle"
}

locals {
  # By winner. Several products, separated by spaces, leave the choice to them.
  winners = {
    for row in csvdecode(file("${path.module}/winners.csv")) :
    row.winner => merge(row, { products = split(" ", row.products) })
  }
}

# What Runa sells of the products named there, each with its currency.
data "runa_products" "rewards" {
  countries_redeemable_in = distinct([for winner in local.winners : winner.country])
  codes                   = distinct(flatten([for winner in local.winners : winner.products]))
}

resource "runa_order" "reward" {
  for_each = local.winners

  # The same campaign and winner give the same key, and Runa sells once per key:
  # a lost state or a killed run does not reward anybody twice.
  #
  # If Runa refuses some of the orders, leave the key as it is. For example, the
  # balance runs out and 6 of 13 orders end in "insufficient_funds":
  #   1. top up the account,
  #   2. run apply again.
  # That buys the 6, as attempt 2, and leaves the other 7 alone. A wrong address
  # is corrected in winners.csv in the same way.
  idempotency_key = uuidv5("url", "https://rewards.example.com/${var.campaign}/${each.key}")
  description     = "${var.campaign} ${each.key}"

  payment_method = {
    type     = "ACCOUNT_BALANCE"
    currency = data.runa_products.rewards.products[each.value.products[0]].currency
  }

  items = [{
    face_value = tonumber(each.value.face_value)

    # Runa e-mails the reward. Without an address we get a link to pass on.
    distribution_method = {
      type          = each.value.email == "" ? "PAYOUT_LINK" : "EMAIL"
      email_address = each.value.email == "" ? null : each.value.email
    }

    products = {
      type   = length(each.value.products) == 1 ? "SINGLE" : "MULTIPLE"
      value  = length(each.value.products) == 1 ? each.value.products[0] : null
      values = length(each.value.products) == 1 ? null : each.value.products
    }
  }]
}
