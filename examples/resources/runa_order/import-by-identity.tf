import {
  to = runa_order.thanks
  identity = {
    order_id = "O-01J7Z3K5N8QWERTYASDFGHZXCV"
  }
}
