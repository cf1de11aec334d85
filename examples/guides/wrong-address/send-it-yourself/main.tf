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

# Bought with a wrong e-mail address. Leave the address as it is.
resource "runa_order" "reward" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/send-it-yourself/w-001")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 25
    distribution_method = { type = "EMAIL", email_address = "adda@example.com" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}

# Reads the link. Nothing stores it.
ephemeral "runa_payouts" "reward" {
  order_id = runa_order.reward.order_id
}

# Hands the link to a script of yours, which sends it to the right address.
resource "terraform_data" "send" {
  triggers_replace = [runa_order.reward.order_id, runa_order.reward.status]

  provisioner "local-exec" {
    command     = "sh ${path.module}/send.sh"
    environment = { LINK = try(ephemeral.runa_payouts.reward.payouts[0].url, "") }
  }
}
