variable "winners" {
  description = "Winners by an id that never changes."
  type        = map(object({ email = string, value = number }))
  default = {
    "w-001" = { email = "ada@example.com", value = 25 }
    "w-002" = { email = "brook@example.com", value = 50 }
  }
}

resource "runa_order" "reward" {
  for_each = var.winners

  # Campaign and winner: what makes this reward this reward. Not the e-mail address
  # or the value, which may be corrected before the purchase. The key stays the same
  # when Runa refuses an order: fix the cause and apply again.
  idempotency_key = uuidv5("url", "https://rewards.example.com/spring-26/${each.key}")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = each.value.value
    distribution_method = { type = "EMAIL", email_address = each.value.email }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}
