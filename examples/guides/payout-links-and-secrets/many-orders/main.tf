terraform {
  required_version = ">= 1.10.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

provider "runa" {
  store_payout_links = false
}

locals {
  winners = { "w-001" = 25, "w-002" = 50, "w-003" = 100 }
}

resource "runa_order" "prize" {
  for_each        = local.winners
  idempotency_key = uuidv5("url", "https://rewards.example.com/many-orders/${each.key}")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = each.value
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}

# for_each needs values that are known in the plan: the winners, not the orders.
ephemeral "runa_payouts" "prize" {
  for_each = local.winners
  order_id = runa_order.prize[each.key].order_id
}

# One hand-over for each winner, so that a new winner repeats no other.
resource "terraform_data" "delivery" {
  for_each         = local.winners
  triggers_replace = [runa_order.prize[each.key].order_id, runa_order.prize[each.key].status]

  provisioner "local-exec" {
    command     = "sh ${path.module}/deliver.sh"
    environment = { LINKS = join("\n", ephemeral.runa_payouts.prize[each.key].payouts[*].url) }
  }
}
