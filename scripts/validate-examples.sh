# usage: validate-examples.sh TOFU
#
# Fails when an example that the docs show does not fit the provider.
set -u

tofu=$1
failed=0
for dir in $(find examples -name '*.tf' -exec dirname {} \; | sort -u); do
	# What modules an example uses is noted outside of it.
	TF_DATA_DIR=$(mktemp -d) && export TF_DATA_DIR || exit 1
	# The settings print a warning about themselves: only failures matter.
	if ! said=$("$tofu" -chdir="$dir" get -no-color 2>&1 && "$tofu" -chdir="$dir" validate -no-color 2>&1); then
		printf '%s\n%s\n' "$dir:" "$said"
		failed=1
	fi
	rm -rf "$TF_DATA_DIR"
done
exit $failed
