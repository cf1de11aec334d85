terraform {
  required_providers {
    runa = {
      source = "runa-community/runa"
    }
  }
}

provider "runa" {
  store_payout_links = false
}

resource "runa_order" "thanks" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/spring-26/thanks")

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

# Runs again when the order gets its id or finishes, so that links which were not
# there yet are handed over by a later apply.
resource "terraform_data" "delivery" {
  triggers_replace = [runa_order.thanks.order_id, runa_order.thanks.status]

  provisioner "local-exec" {
    command     = "sh ${path.module}/deliver.sh"
    environment = { LINKS = join("\n", ephemeral.runa_payouts.thanks.payouts[*].url) }
  }
}
