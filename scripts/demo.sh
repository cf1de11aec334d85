# Chooses the CLI for `make demo` (DEMO_CLI), then becomes the demo program.
set -eu

cli=$(sh scripts/find-cli.sh DEMO_CLI)
exec "$BIN/demo" -cli "$cli" -bin "$BIN"
