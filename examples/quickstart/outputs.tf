# Known before anything is bought: the plan shows it.
output "planned_spend" {
  description = "Face value of all rewards of the list, by currency."
  value = {
    for currency, values in {
      for winner in local.winners : data.runa_products.rewards.products[winner.products[0]].currency => tonumber(winner.face_value)...
    } : currency => sum(values)
  }
}

output "spent" {
  description = "What the orders cost, by currency."
  value = {
    for currency, prices in {
      for order in runa_order.reward : order.currency => tonumber(order.total_price)... if order.currency != null && order.status == "COMPLETED"
    } : currency => sum(prices)
  }
}

output "bought" {
  description = "What each winner got."
  value = {
    for winner, order in runa_order.reward : winner => format("%s %s of %s by %s: %s",
      local.winners[winner].face_value,
      order.payment_method.currency,
      join(" or ", [for code in local.winners[winner].products : data.runa_products.rewards.products[code].name]),
      local.winners[winner].email == "" ? "link" : "e-mail",
      order.order_id,
    ) if order.status == "COMPLETED"
  }
}

output "claimed" {
  description = "Winners who have redeemed their reward."
  value       = [for winner, order in runa_order.reward : winner if try(contains(order.payouts[*].status, "CLAIMED"), false)]
}

output "failed" {
  description = "Winners without a reward: Runa refused the order, or could not finish it, or it was not sent. Correct the cause and apply again."
  value = [
    for winner in keys(local.winners) : winner
    if !contains(["COMPLETED", "PROCESSING", "UNCONFIRMED"], try(runa_order.reward[winner].status, "NOT_SENT"))
  ]
}

output "unfinished" {
  description = "Winners whose order is not finished, or not known to be placed. Apply again."
  value       = [for winner, order in runa_order.reward : winner if contains(["PROCESSING", "UNCONFIRMED"], order.status)]
}

output "links" {
  description = "The links to pass on. Whoever has one has the money: read them with `terraform output -json links`."
  sensitive   = true
  value = {
    for winner, order in runa_order.reward :
    winner => try(order.payout_links[0], null) if local.winners[winner].email == ""
  }
}
