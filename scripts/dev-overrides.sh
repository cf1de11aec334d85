# usage: dev-overrides.sh BIN
#
# Prints CLI settings under which a CLI takes BIN/terraform-provider-runa for
# our provider, under every name the examples, the docs and a configuration
# without required_providers know it by. Nothing is installed or downloaded.
cat <<EOF
disable_checkpoint = true
provider_installation {
  dev_overrides {
    "runa-community/runa"                  = "$1"
    "hashicorp/runa"                       = "$1"
    "registry.terraform.io/hashicorp/runa" = "$1"
  }
}
EOF
