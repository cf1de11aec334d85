terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# Fails if Runa is unreachable or rejects the API key.
data "runa_ping" "this" {}

output "runa" {
  value = data.runa_ping.this.base_url
}
