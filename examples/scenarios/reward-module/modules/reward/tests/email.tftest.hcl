# Each test file has a state of its own, and so an order of its own.

variables {
  reason    = "test"
  recipient = "brook"
  product   = "ACME-US"
  value     = 50
  email     = "brook@example.com"
}

run "sends_an_email" {
  assert {
    condition     = output.status == "COMPLETED" && output.link == null
    error_message = "The order is ${output.status}."
  }
}
