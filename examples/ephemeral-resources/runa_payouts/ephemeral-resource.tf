terraform {
  required_version = ">= 1.10.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

resource "runa_order" "thanks" {
  idempotency_key    = uuidv5("url", "https://rewards.example.com/ephemeral-payouts/thanks")
  store_payout_links = false # no link in the state

  payment_method = {
    type     = "ACCOUNT_BALANCE"
    currency = "USD"
  }
  items = [for amount in [25, 50] : {
    face_value          = amount
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}

# The links are read at every plan and apply. They are stored nowhere.
ephemeral "runa_payouts" "thanks" {
  order_id = runa_order.thanks.order_id
}

# A script of yours hands the links over as soon as Runa has them.
resource "terraform_data" "delivery" {
  triggers_replace = [runa_order.thanks.order_id, runa_order.thanks.status]

  provisioner "local-exec" {
    command = "sh ${path.module}/deliver.sh"
    environment = {
      LINKS = join("\n", ephemeral.runa_payouts.thanks.payouts[*].url)
    }
  }
}
