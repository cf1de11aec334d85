# A module for one reward. It asks only who gets what, and why. Its tests are in
# modules/reward/tests: run `terraform test` or `tofu test` in modules/reward.

terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = "~> 0.0"
    }
  }
}

module "thanks" {
  source   = "./modules/reward"
  for_each = { ada = 25, brook = 50 }

  reason    = "conference-talks-2026"
  recipient = each.key
  email     = "${each.key}@example.com"
  product   = "ACME-US"
  value     = each.value
}

output "orders" {
  value = { for name, reward in module.thanks : name => reward.order_id }
}
