# Hands over the links in $LINKS, one on each line. Replace the echo with a call of your
# own delivery system. Never write links to a log.
[ -n "$LINKS" ] || { echo "no links yet"; exit 0; }
printf '%s\n' "$LINKS" | while read -r link; do
	[ -n "$link" ] && echo "handed one link over"
done
