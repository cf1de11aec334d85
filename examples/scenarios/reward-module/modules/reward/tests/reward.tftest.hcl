# Runs on a local Runa: RUNA_BASE_URL and RUNA_API_KEY, as the sandbox prints them.

variables {
  reason    = "test"
  recipient = "ada"
  product   = "ACME-US"
  value     = 25
}

run "gives_a_link" {
  assert {
    condition     = output.status == "COMPLETED" && output.price == "25.00"
    error_message = "The order is ${output.status} and cost ${output.price}."
  }

  assert {
    condition     = startswith(output.link, "https://")
    error_message = "There is no link to pass on."
  }
}

# The same reason and recipient are the same purchase: what is planned is what is
# there, and nothing is unknown any more.
run "buys_once" {
  command = plan

  assert {
    condition     = output.status == "COMPLETED"
    error_message = "A second run would buy again."
  }
}

run "refuses_too_much" {
  command = plan

  variables {
    value = 101
  }

  expect_failures = [var.value]
}
