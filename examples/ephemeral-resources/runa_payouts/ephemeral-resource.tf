resource "runa_order" "thanks" {
  idempotency_key    = uuidv5("url", "https://rewards.example.com/spring-2026/thanks")
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

# Read at every plan and apply, and stored nowhere.
ephemeral "runa_payouts" "thanks" {
  order_id = runa_order.thanks.order_id
}

# A script of yours hands the links over, once they are there.
resource "terraform_data" "delivery" {
  triggers_replace = [runa_order.thanks.order_id, runa_order.thanks.status]

  provisioner "local-exec" {
    command = "sh ${path.module}/deliver.sh"
    environment = {
      LINKS = join("\n", ephemeral.runa_payouts.thanks.payouts[*].url)
    }
  }
}
