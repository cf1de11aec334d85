# By Runa's id of the order.
terraform import runa_order.welcome O-01J7Z3K5N8QWERTYASDFGHZXCV
