# Keeps the prizes as you agreed to them, and says when the catalogue changes.

terraform {
  required_version = ">= 1.5.0"
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

variable "agree" {
  description = "Set to true for one run, to agree to the catalogue as it is now."
  type        = bool
  default     = false
}

variable "winners" {
  description = "Winners, by an id that never changes, each with a prize."
  type        = map(object({ email = string, prize = string }))
  default = {
    "w-001" = { email = "ada@example.com", prize = "ACME-US" }
    "w-002" = { email = "brook@example.com", prize = "BOLT-US" }
  }
}

resource "runa_catalog_pin" "prizes" {
  codes    = ["ACME-US", "BOLT-US"]
  on_drift = var.agree ? "update" : "warn"
}

# A check warns in every plan. It stops nothing.
check "prizes_are_as_agreed" {
  assert {
    condition = !runa_catalog_pin.prizes.drifted
    error_message = join("\n", concat(
      [for moved in runa_catalog_pin.prizes.drift : "${moved.code}: ${moved.field} was ${coalesce(moved.pinned, "nothing")}, is ${coalesce(moved.current, "nothing")}."],
      [for code in runa_catalog_pin.prizes.withdrawn_codes : "${code} has left the catalogue."],
    ))
  }
}

resource "runa_order" "prize" {
  for_each = var.winners

  idempotency_key = uuidv5("url", "https://rewards.example.com/pinned-catalogue/${each.key}")

  payment_method = {
    type     = "ACCOUNT_BALANCE"
    currency = runa_catalog_pin.prizes.products[each.value.prize].currency
  }

  items = [{
    face_value          = 50
    distribution_method = { type = "EMAIL", email_address = each.value.email }
    products            = { type = "SINGLE", value = each.value.prize }
  }]

  lifecycle {
    # Fails before the purchase if the product cannot be ordered any more.
    precondition {
      condition = alltrue([
        for moved in runa_catalog_pin.prizes.drift : moved.field != "is_orderable" || moved.current == "true" if moved.code == each.value.prize
      ])
      error_message = "${each.value.prize} cannot be ordered now."
    }
  }
}
