# A campaign from a spreadsheet's CSV file, with a byte order mark, Windows line ends,
# blanks and empty lines.
#
# Add winners to the file and apply: only their rewards are bought. A reward that is
# bought cannot be changed, and stays bought when its row is removed.

terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

locals {
  # Spreadsheets put a byte order mark before the first column's name.
  text = trimprefix(file("${path.module}/winners.csv"), "\ufeff")

  # csvdecode knows commas only, and needs the same number of columns in each line. So
  # semicolons become commas, and empty lines go.
  lines = [for line in split("\n", replace(local.text, "\r", "")) : trimspace(line) if trimspace(line) != ""]
  comma = length(regexall(",", try(local.lines[0], ""))) > 0
  csv   = join("\n", [for line in local.lines : local.comma ? line : replace(line, ";", ",")])

  winners = csvdecode(local.csv)
  missing = setsubtract(["id", "email", "product", "amount"], split(",", split("\n", local.csv)[0]))

  rewards = [for winner in local.winners : {
    id         = trimspace(winner.id)
    face_value = trimspace(winner.amount)
    products   = { type = "SINGLE", value = trimspace(winner.product) }
    distribution_method = {
      type          = "EMAIL"
      email_address = trimspace(winner.email)
    }
  } if length(local.missing) == 0]
}

resource "runa_campaign" "winners" {
  name    = "winners-spring-2026"
  rewards = jsonencode(local.rewards)

  lifecycle {
    precondition {
      condition     = length(local.missing) == 0
      error_message = "winners.csv has no column ${join(", ", local.missing)}."
    }

    # Makes the run fail while something is not finished. The next apply goes on with it.
    postcondition {
      condition     = self.complete
      error_message = "Not every reward is bought yet. Apply again."
    }
  }
}

# How many rewards are claimed, and what the campaign cost.
output "statuses" {
  value = runa_campaign.winners.statuses
}

output "total_price" {
  value = runa_campaign.winners.total_price
}

# Sensitive only because a list of thousands would fill every plan. Read it with
# `terraform output -json unclaimed`.
output "unclaimed" {
  value     = [for id, payout in jsondecode(runa_campaign.winners.payouts) : id if payout.status == "ACTIVE"]
  sensitive = true
}
