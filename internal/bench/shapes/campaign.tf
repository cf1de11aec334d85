terraform {
  required_providers {
    runa = { source = "runa-community/runa" }
  }
}

variable "links" {
  type    = bool
  default = true
}

locals {
  rewards = jsonencode([for winner in csvdecode(file("winners.csv")) : {
    id                  = winner.id
    face_value          = winner.amount
    distribution_method = { type = "EMAIL", email_address = winner.email }
    products            = { type = "SINGLE", value = winner.product }
  }])
}

provider "runa" {}

resource "runa_campaign" "winners" {
  name               = "bench"
  rewards            = local.rewards
  store_payout_links = var.links
}
