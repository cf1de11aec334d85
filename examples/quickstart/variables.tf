variable "namespace" {
  description = "A web address of your own, part of every idempotency key. Two teams with one account and one namespace would share idempotency keys, and the second team would buy nothing."
  type        = string

  validation {
    condition     = can(regex("^https://[^/]+/.+$", var.namespace))
    error_message = "Give an address of your own, such as \"https://rewards.your-company.com/marketing\"."
  }
}

# A new campaign needs a state of its own: a copy of this folder, or a workspace
# (`terraform workspace new spring-raffle`). Another name with the same state changes
# orders that are placed, and such a plan fails.
variable "campaign" {
  description = "Name of the campaign, part of every idempotency key. It must stay the same for as long as this state exists. A new campaign needs a new name, a new list of winners, and a state of its own."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,49}$", var.campaign))
    error_message = "Use 1 to 50 small letters, digits and hyphens, such as \"autumn-raffle\"."
  }
}

variable "winners_file" {
  description = "CSV file with the columns winner, country, products, face_value and email, in any order."
  type        = string
  default     = "winners.csv"
}
