# Stops a pipeline early where Runa is not there or does not know the key.
data "runa_ping" "this" {}

output "runa" {
  value = data.runa_ping.this.base_url
}
