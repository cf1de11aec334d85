# Chooses the CLI for `make chaos` (CHAOS_CLI), then becomes the chaos program.
#
# CHAOS_RUNS=2 makes twice as many runs as usual, CHAOS_RUNS=0.1 a tenth, at least
# one of each kind. CHAOS_SCHEDULES counts those of the model-based test. Of both, 0
# means none. CHAOS_SEED repeats what was done, and with CHAOS_ONLY=kill-cli/7 to
# one run only. CHAOS_ONLY=campaign makes the runs of campaigns alone, and
# CHAOS_ONLY=campaign-twins those of one scenario.
set -eu

cli=$(sh scripts/find-cli.sh CHAOS_CLI)
exec "$BIN/chaos" -cli "$cli" -bin "$BIN" -seed "${CHAOS_SEED:-0}" -runs "${CHAOS_RUNS:-1}" \
	-schedules "${CHAOS_SCHEDULES:-10000}" -only "${CHAOS_ONLY:-}"
