# usage: find-cli.sh VARIABLE
#
# Prints the path of the CLI that a make target uses: what the variable of this name
# says, terraform or tofu or the path of one. Unset: terraform or tofu from PATH,
# else the pinned OpenTofu, which is built when nothing else will do.
set -eu

eval "wanted=\${$1:-}"
case $wanted in
'') cli=$(command -v terraform || command -v tofu || echo "$BIN/tofu") ;;
tofu) cli=$(command -v tofu || echo "$BIN/tofu") ;;
*) cli=$(command -v "$wanted") || {
	echo "$1=$wanted: no such command" >&2
	exit 2
} ;;
esac

if [ "$cli" = "$BIN/tofu" ]; then
	$MAKE --no-print-directory --silent "$cli" >&2
fi
echo "$cli"
