# Runs on a local sandbox. Set RUNA_BASE_URL and RUNA_API_KEY as the sandbox prints them.

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

# The same reason and recipient are the same purchase. So the plan has no changes, and
# all its values are known.
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
