# No Runa, no sandbox and no API key. The values below are all that this configuration
# reads from the provider.
mock_provider "runa" {
  mock_data "runa_product" {
    defaults = {
      currency = "USD"
    }
  }

  mock_resource "runa_order" {
    defaults = {
      status       = "COMPLETED"
      order_id     = "O-01J7Z3K5N8QWERTYASDFGHZXCV"
      currency     = "USD"
      total_price  = "25.00"
      payout_links = ["https://example.com/not-a-link"]
    }
  }
}

run "orders_one_reward" {
  assert {
    condition     = runa_order.reward.payment_method.currency == "USD" && length(runa_order.reward.items) == 1
    error_message = "The order is not paid in the currency of its product."
  }

  assert {
    condition     = output.summary == "COMPLETED: 25.00 USD"
    error_message = "The summary is ${output.summary}."
  }
}

run "refuses_too_much" {
  command = plan

  variables {
    value = 101
  }

  expect_failures = [var.value]
}
