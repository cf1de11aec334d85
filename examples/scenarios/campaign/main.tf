# A campaign from the file that a colleague sent: with a byte order mark, Windows line
# ends, blanks and empty lines.
#
# Add winners to the file and apply: only they are bought. A winner who is taken out
# stays bought. A winner who is bought cannot be changed.

terraform {
  required_providers {
    runa = { source = "runa-community/runa" }
  }
}

locals {
  # Spreadsheets put a byte order mark before the first column's name.
  text = trimprefix(file("${path.module}/winners.csv"), "\ufeff")

  # csvdecode wants as many columns in each line: take out empty lines, and blanks at
  # the ends.
  lines   = [for line in split("\n", replace(local.text, "\r", "")) : trimspace(line) if trimspace(line) != ""]
  winners = csvdecode(join("\n", local.lines))

  rewards = [for winner in local.winners : {
    id         = trimspace(winner.id)
    face_value = trimspace(winner.amount)
    products   = { type = "SINGLE", value = trimspace(winner.product) }
    distribution_method = {
      type          = "EMAIL"
      email_address = trimspace(winner.email)
    }
  }]
}

resource "runa_campaign" "winners" {
  name    = "winners-spring-2026"
  rewards = jsonencode(local.rewards)

  lifecycle {
    # A run that leaves something open is red, and the next apply goes on with it.
    postcondition {
      condition     = self.complete
      error_message = "Not every reward is bought yet. Apply again."
    }
  }
}

# Who has claimed, and what it cost.
output "statuses" {
  value = runa_campaign.winners.statuses
}

output "total_price" {
  value = runa_campaign.winners.total_price
}

# A list of thousands would fill every plan: `terraform output -json unclaimed` shows it.
output "unclaimed" {
  value     = [for id, payout in jsondecode(runa_campaign.winners.payouts) : id if payout.status == "ACTIVE"]
  sensitive = true
}
