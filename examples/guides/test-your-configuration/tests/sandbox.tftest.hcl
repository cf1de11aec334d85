# Buys on a local sandbox. Set RUNA_BASE_URL and RUNA_API_KEY as the sandbox prints them.

run "buys_one_reward" {
  assert {
    condition     = output.summary == "COMPLETED: 25.00 USD" && startswith(output.link, "https://")
    error_message = "The order is ${output.summary}."
  }
}

# Everything is known in the plan, so nothing is bought again.
run "buys_once" {
  command = plan

  assert {
    condition     = output.summary == "COMPLETED: 25.00 USD"
    error_message = "A second run would buy again."
  }
}
