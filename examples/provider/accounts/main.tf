terraform {
  required_version = ">= 1.10.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# Set TF_VAR_uk_api_key. Plan files do not hold ephemeral variables.
variable "uk_api_key" {
  description = "API key of the second account. Null means RUNA_API_KEY."
  type        = string
  ephemeral   = true
  default     = null
}

# The first account, with the API key in RUNA_API_KEY.
provider "runa" {}

# The second account.
provider "runa" {
  alias   = "uk"
  api_key = var.uk_api_key
}

data "runa_ping" "uk" {
  provider = runa.uk
}
