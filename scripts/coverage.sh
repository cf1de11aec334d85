# usage: coverage.sh PROFILE MINIMUM
#
# Prints how much of the provider, its client and the sandbox the tests reach
# together, and fails below MINIMUM percent.
set -eu

profile=$1
minimum=$2
rooms='internal/(client|provider|sandbox)/'

grep -E "^mode:|$rooms" "$profile" >"$profile.rooms"

# `go tool cover` ends with "total: (statements) 91.3%".
total=$(go tool cover -func="$profile.rooms" | awk '/^total:/ { sub("%", "", $NF); print $NF }')
echo "Coverage of client, provider and sandbox together: $total % (at least $minimum % wanted)"
awk -v total="$total" -v minimum="$minimum" 'BEGIN { exit total + 0 < minimum + 0 }'
