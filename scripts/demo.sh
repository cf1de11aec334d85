# Chooses the CLI for `make demo`, then becomes the demo program.
#
# DEMO_CLI=terraform or tofu, or the path of one. Unset: terraform or tofu from
# PATH, else the pinned OpenTofu, which is built when nothing else will do.
set -eu

find_cli() {
	case ${DEMO_CLI:-} in
	'') command -v terraform || command -v tofu || echo "$BIN/tofu" ;;
	tofu) command -v tofu || echo "$BIN/tofu" ;;
	*) command -v "$DEMO_CLI" || {
		echo "DEMO_CLI=$DEMO_CLI: no such command" >&2
		return 2
	} ;;
	esac
}

cli=$(find_cli)
if [ "$cli" = "$BIN/tofu" ]; then
	$MAKE --no-print-directory "$cli"
fi
exec "$BIN/demo" -cli "$cli" -bin "$BIN"
