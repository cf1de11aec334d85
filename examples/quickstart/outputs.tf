output "bought" {
  description = "What each winner got."
  value = {
    for winner, order in runa_order.reward : winner => format("%s %v of %s by %s: %v %s",
      local.winners[winner].face_value,
      order.payment_method.currency,
      join(" or ", [for code in local.winners[winner].products : data.runa_products.rewards.products[code].name]),
      local.winners[winner].email == "" ? "link" : "e-mail",
      coalesce(order.order_id, "no order"),
      order.status,
    )
  }
}

output "spent" {
  description = "What it cost, by currency."
  value = {
    for currency, prices in {
      for order in runa_order.reward : order.currency => tonumber(order.total_price)... if order.currency != null
    } : currency => sum(prices)
  }
}

output "links" {
  description = "The links to pass on. Whoever has one has the money: read them with `output -json links`."
  sensitive   = true
  value = {
    for winner, order in runa_order.reward :
    winner => one(order.payout_links[*]) if local.winners[winner].email == ""
  }
}
