# usage: schema.sh TOFU WORK
#
# Prints the provider's schema as JSON, for tfplugindocs, which looks for it
# under this source, whoever publishes the provider.
set -eu

tofu=$1
work=$2

rm -rf "$work"
mkdir -p "$work"
cat >"$work/main.tf" <<EOF
terraform {
  required_providers {
    runa = {
      source = "registry.terraform.io/hashicorp/runa"
    }
  }
}
EOF
"$tofu" -chdir="$work" providers schema -json
