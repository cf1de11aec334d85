# Chooses the CLI for `make demo` (DEMO_CLI), then becomes the demo program. DEMO=campaign
# shows a campaign of a thousand rewards.
set -eu

cli=$(sh scripts/find-cli.sh DEMO_CLI)
exec "$BIN/demo" -cli "$cli" -bin "$BIN" -story "${DEMO:-quickstart}"
