# Hands over the links in $LINKS, one on a line. A real one would write to your
# own delivery system, and never to a log.
[ -n "$LINKS" ] || { echo "no links yet"; exit 0; }
printf '%s\n' "$LINKS" | while read -r link; do
	[ -n "$link" ] && echo "handed one link over"
done
