terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# One reward for each winner. The next apply buys rewards for new winners only.
locals {
  winners = csvdecode(<<-CSV
    id,email,amount
    w-001,ada@example.com,25
    w-002,brook@example.com,50
  CSV
  )
}

resource "runa_campaign" "spring" {
  name = "spring-2026"

  rewards = jsonencode([for winner in local.winners : {
    id         = winner.id
    face_value = winner.amount
    products   = { type = "SINGLE", value = "ACME-US" }
    distribution_method = {
      type          = "EMAIL"
      email_address = winner.email
    }
  }])

  lifecycle {
    # Makes the run fail while something is not finished. The next apply goes on with it.
    postcondition {
      condition     = self.complete
      error_message = "Not every reward is bought yet. Apply again."
    }
  }
}

output "statuses" {
  value = runa_campaign.spring.statuses
}
