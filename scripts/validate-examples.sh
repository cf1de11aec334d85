# usage: validate-examples.sh TOFU
#
# Fails when an example that the docs show does not fit the provider.
set -u

tofu=$1
failed=0
for dir in $(find examples -name '*.tf' -exec dirname {} \; | sort -u); do
	# The settings print a warning about themselves: only failures matter.
	if ! said=$("$tofu" -chdir="$dir" validate -no-color 2>&1); then
		printf '%s\n%s\n' "$dir:" "$said"
		failed=1
	fi
done
exit $failed
