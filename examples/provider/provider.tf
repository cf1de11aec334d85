terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# The key comes from RUNA_API_KEY. It decides the environment too: a key that
# begins with "XX" buys in Runa's playground, one with "wg" spends real money.
provider "runa" {}
