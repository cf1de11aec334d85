#!/bin/sh
# usage: fuzz.sh AMOUNT [TARGET]
#
# Runs every fuzz target, or one, for an amount: a number of executions such as 3000x, or
# a time such as 10m. Go fuzzes one target at a time, so they run one after another. What
# is found is kept under the package's testdata/fuzz, and fails `go test` from then on.
set -eu
amount=$1
only=${2:-}

grep -l "^func Fuzz" internal/*/*_test.go internal/*/*/*_test.go 2>/dev/null | xargs -n 1 dirname | sort -u | while read -r package; do
	for target in $(sed -n "s/^func \\(Fuzz[A-Za-z]*\\).*/\\1/p" "$package"/*_test.go); do
		case "$target" in *"$only"*) ;; *) continue ;; esac
		log=$(go test -run '^$' -fuzz "^$target\$" -fuzztime "$amount" "./$package" 2>&1 </dev/null) || {
			printf '%s\n' "$log"
			exit 1
		}
		printf '%-16s %s executions\n' "$target" "$(printf '%s\n' "$log" | sed -n 's/.*execs: \([0-9]*\).*/\1/p' | tail -1)"
	done
done
