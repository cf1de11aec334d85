# Hands over the links in $LINKS, JSON by reward id. A real one would write to your
# own delivery system, and never to a log.
[ -n "$LINKS" ] && echo "handed the links over"
