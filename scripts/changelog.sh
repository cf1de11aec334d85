#!/bin/sh
# usage: changelog.sh VERSION
#
# Puts what the files in changes/ say under a heading of this version at the top of
# CHANGELOG.md, and removes the files. A file is called KIND-NAME.md and holds one line:
# so two changes that are made at the same time never touch the same line.
set -eu
version=${1:?usage: changelog.sh VERSION}
cd "$(dirname "$0")/.."

ls changes/*.md >/dev/null 2>&1 || { echo 'changes/ has no file: nothing to release.' >&2; exit 1; }
section=$(
	printf '## %s (%s)\n' "${version#v}" "$(date -u +%Y-%m-%d)"
	for kind in breaking added changed fixed security; do
		ls changes/$kind-*.md >/dev/null 2>&1 || continue
		printf '\n### %s\n\n' "$(printf '%s' "$kind" | awk '{ print toupper(substr($0, 1, 1)) substr($0, 2) }')"
		sed 's/^/- /' changes/$kind-*.md
	done
)
# The first version takes the place of the note that there is none yet.
section="$section" awk '
	/^There has been no release yet/ { next }
	/^## / && !done { print ENVIRON["section"] "\n"; done = 1 }
	{ print }
	END { if (!done) print ENVIRON["section"] }
' CHANGELOG.md >CHANGELOG.md.new
mv CHANGELOG.md.new CHANGELOG.md
rm changes/*.md
