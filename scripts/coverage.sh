# usage: coverage.sh PROFILE MINIMUM
#
# Prints how much of each package the tests reach, and fails where all packages together stay
# below MINIMUM percent, or purchase, where the money is, below its own.
set -eu

profile=$1
minimum=$2
purchase_minimum=95

# Each block of the profile counts once, as reached where any test reached it.
awk -v minimum="$minimum" -v purchase_minimum="$purchase_minimum" '
	/^mode:/ { next }
	{
		split($1, at, "/internal/"); split(at[2], package, "/")
		if (!($1 in statements)) { statements[$1] = $2; of[$1] = package[1] }
		if ($3 > 0) reached[$1] = 1
	}
	END {
		for (block in statements) {
			all[of[block]] += statements[block]; total += statements[block]
			if (block in reached) { hit[of[block]] += statements[block]; got += statements[block] }
		}
		for (name in all) printf "Coverage of %s: %.1f %%\n", name, 100 * hit[name] / all[name] | "sort"
		close("sort")
		printf "Coverage of all packages together: %.1f %% (at least %d %% wanted, of purchase %d %%)\n", 100 * got / total, minimum, purchase_minimum
		exit 100 * got / total < minimum || 100 * hit["purchase"] / all["purchase"] < purchase_minimum
	}' "$profile"
