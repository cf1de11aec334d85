# One gift card by e-mail. The key names this one purchase: Runa sells once for
# it, even when a run is killed or a state is lost.
resource "runa_order" "welcome" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/welcome/ada")

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

# A link to pass on yourself, for one of several products of the recipient's choice.
resource "runa_order" "thanks" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/thanks/brook")
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
