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

resource "runa_order" "thanks" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/hand-over/thanks")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [for amount in [25, 50] : {
    face_value          = amount
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}

ephemeral "runa_payouts" "thanks" {
  order_id = runa_order.thanks.order_id
}

# Runs again when the order gets its id and when it finishes. So a later apply hands over
# links that were not there yet.
resource "terraform_data" "delivery" {
  triggers_replace = [runa_order.thanks.order_id, runa_order.thanks.status]

  provisioner "local-exec" {
    command     = "sh ${path.module}/deliver.sh"
    environment = { LINKS = join("\n", ephemeral.runa_payouts.thanks.payouts[*].url) }
  }
}
