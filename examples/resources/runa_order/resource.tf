terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# One gift card by e-mail. Runa sells once for each idempotency key, even if a run is
# killed or the state is lost. Replace the web address with one of your own.
resource "runa_order" "welcome" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/order/ada")

  payment_method = {
    type     = "ACCOUNT_BALANCE"
    currency = "USD"
  }

  items = [{
    face_value = 25
    distribution_method = {
      type          = "EMAIL"
      email_address = "ada@example.com"
    }
    products = {
      type  = "SINGLE"
      value = "ACME-US"
    }
  }]
}

# A link that you pass on yourself. The recipient chooses one of the products.
resource "runa_order" "thanks" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/order/brook")
  description     = "Thanks for the talk"

  payment_method = {
    type     = "ACCOUNT_BALANCE"
    currency = "USD"
  }

  items = [{
    face_value = 50
    distribution_method = {
      type = "PAYOUT_LINK"
    }
    products = {
      type   = "MULTIPLE"
      values = ["ACME-US", "BOLT-US"]
    }
  }]
}

output "link" {
  value     = try(runa_order.thanks.payout_links[0], null)
  sensitive = true # whoever has the link has the money
}
