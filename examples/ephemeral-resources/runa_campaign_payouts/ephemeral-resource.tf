resource "runa_campaign" "thanks" {
  name               = "thanks-2026"
  store_payout_links = false # no link in the state

  rewards = jsonencode([for name in ["ada", "brook"] : {
    id                  = name
    face_value          = 25
    products            = { type = "SINGLE", value = "ACME-US" }
    distribution_method = { type = "PAYOUT_LINK" }
  }])
}

# Read at every plan and apply, and stored nowhere.
ephemeral "runa_campaign_payouts" "thanks" {
  orders = runa_campaign.thanks.orders
  ids    = ["brook"]
}

# A script of yours hands the links over, once they are there.
resource "terraform_data" "delivery" {
  triggers_replace = [runa_campaign.thanks.complete]

  provisioner "local-exec" {
    command = "sh ${path.module}/deliver.sh"
    environment = {
      LINKS = ephemeral.runa_campaign_payouts.thanks.payouts
    }
  }
}
