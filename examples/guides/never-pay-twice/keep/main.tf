resource "runa_order" "reward" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/spring-26/w-004")

  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 12.5
    distribution_method = { type = "EMAIL", email_address = "dana@example.com" }
    products            = { type = "SINGLE", value = "BOLT-US" }
  }]

  lifecycle {
    # The record of what was bought stays. If the create is refused, run untaint on
    # this address before you apply again.
    prevent_destroy = true
  }
}
