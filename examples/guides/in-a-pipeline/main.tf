terraform {
  required_version = ">= 1.5.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

variable "environment" {
  description = "playground, or production for real money. Each has its own state and its own API key."
  type        = string
  default     = "playground"
}

provider "runa" {
  # Fails if the API key in RUNA_API_KEY is one of the other environment.
  environment = var.environment

  # The most that one run may spend.
  spend_limit = { USD = 500 }
}

resource "runa_order" "reward" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/in-a-pipeline/${var.environment}/w-001")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 25
    distribution_method = { type = "EMAIL", email_address = "chen@example.com" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]

  # Shorter than the pipeline's own time limit.
  timeouts = { create = "20m", update = "20m" }

  lifecycle {
    # An order that is not finished is a warning. This makes the run fail.
    postcondition {
      condition     = self.status == "COMPLETED"
      error_message = "The order is ${self.status}. Run the pipeline again: it finishes this order and buys nothing twice."
    }
  }
}
