# One reward for each winner. New winners are bought by the next apply; whoever is
# bought is never bought again.
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
    # A run that leaves something open is red, and the next apply goes on with it.
    postcondition {
      condition     = self.complete
      error_message = "Not every reward is bought yet. Apply again."
    }
  }
}

output "statuses" {
  value = runa_campaign.spring.statuses
}
