import {
  to = runa_order.welcome
  id = "O-01J7Z3K5N8QWERTYASDFGHZXCV"
}
