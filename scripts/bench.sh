# Chooses the CLIs for `make bench` (BENCH_CLI, one or more), then becomes the bench
# program. Unset: terraform, if it is found, and tofu.
#
# BENCH_RUNS is how often each work is done. BENCH_ONLY names what to measure, with
# commas between: orders-300, orders-1000, items-200, campaign-1000, campaign-10000,
# catalogue-70, start, or how their names begin.
set -eu

if [ -z "${BENCH_CLI:-}" ]; then
	BENCH_CLI="$(command -v terraform || :) tofu"
fi
set --
for wanted in $BENCH_CLI; do
	cli=$(BENCH_CLI=$wanted sh scripts/find-cli.sh BENCH_CLI)
	set -- "$@" -cli "$cli"
done
exec "$BIN/bench" "$@" -bin "$BIN" -runs "${BENCH_RUNS:-3}" -only "${BENCH_ONLY:-}"
