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

resource "terraform_data" "winners" {
  input = sensitive(local.rewards)
}
