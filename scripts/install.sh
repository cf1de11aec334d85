# usage: install.sh PROGRAM VERSION
#
# Puts the provider where Terraform and OpenTofu look for providers before they ask a
# registry: their implied local mirror. `init` then finds it without any settings.
set -eu

program=$1
# A version such as 1.2.3-4-gabc is only taken by who asks for exactly that, and 0.0.0, before
# there is a release, by nobody.
version=${2%%-*}
[ "$version" != 0.0.0 ] || version=0.0.1

case $(go env GOOS) in
windows) plugins=$APPDATA/terraform.d/plugins suffix=.exe ;;
*) plugins=$HOME/.terraform.d/plugins suffix= ;;
esac

for registry in registry.terraform.io registry.opentofu.org; do
	folder=$plugins/$registry/runa-community/runa/$version/$(go env GOOS)_$(go env GOARCH)
	mkdir -p "$folder"
	cp "$program" "$folder/terraform-provider-runa_v$version$suffix.new"
	mv "$folder/terraform-provider-runa_v$version$suffix.new" "$folder/terraform-provider-runa_v$version$suffix"
done

cat <<EOF
Installed version $version for Terraform and OpenTofu, under

  $plugins

Every configuration with

  required_providers {
    runa = { source = "runa-community/runa" }
  }

finds it: run init. Where init has run before, and the provider was built again since
then, run init -upgrade, because .terraform.lock.hcl holds its checksum. To remove it:

  rm -r $plugins/registry.*/runa-community
EOF
