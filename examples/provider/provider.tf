terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# The API key comes from RUNA_API_KEY.
provider "runa" {
  # Fails if the API key is one of the other environment. "production" is real money.
  environment = "playground"

  # The most that one run may spend, by currency.
  spend_limit = { EUR = 2000, USD = 5000 }

  # No payout link in the state. runa_payouts reads the links when they are needed.
  store_payout_links = false

  # Plans read only the orders that can still change.
  refresh = "unfinished"
}
