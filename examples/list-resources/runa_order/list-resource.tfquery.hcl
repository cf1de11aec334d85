# All orders since March, whoever placed them, as configuration to import.
list "runa_order" "spring" {
  provider         = runa
  include_resource = true
  limit            = 500

  config {
    status        = "COMPLETED"
    created_after = "2026-03-01T00:00:00Z"
  }
}
