# usage: schema.sh TOFU WORK
#
# Prints the provider's schema as JSON, for tfplugindocs, which looks for it
# under this source, whoever publishes the provider.
#
# Attributes whose description begins with "Required." are optional in the schema only for
# the framework's sake (see itemAttributes in order_schema.go). Here they are required, so
# that the pages list them so.
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
"$tofu" -chdir="$work" providers schema -json >"$work/schema.json"
sed -E 's/"description":"Required\. (([^"\]|\\.)*)","description_kind":"markdown","optional":true/"description":"\1","description_kind":"markdown","required":true/g' "$work/schema.json"
