terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

# Bought with a value that is too low. Leave it as it is.
resource "runa_order" "reward" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/correction/w-001")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 25
    distribution_method = { type = "EMAIL", email_address = "ada@example.com" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}

# The missing 25 dollars. Another reward, so another idempotency key.
resource "runa_order" "reward_correction" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/correction/w-001/second-half")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 25
    distribution_method = { type = "EMAIL", email_address = "ada@example.com" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}
