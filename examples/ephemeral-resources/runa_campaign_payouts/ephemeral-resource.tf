terraform {
  required_version = ">= 1.10.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

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

# The links are read at every plan and apply. They are stored nowhere.
ephemeral "runa_campaign_payouts" "thanks" {
  orders = runa_campaign.thanks.orders
  ids    = ["brook"]
}

# A script of yours hands the links over as soon as Runa has them.
resource "terraform_data" "delivery" {
  triggers_replace = [runa_campaign.thanks.complete]

  provisioner "local-exec" {
    command = "sh ${path.module}/deliver.sh"
    environment = {
      LINKS = ephemeral.runa_campaign_payouts.thanks.payouts
    }
  }
}
