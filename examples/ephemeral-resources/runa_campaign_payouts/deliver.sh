# Hands over the links in $LINKS, a JSON object by reward id. Replace the echo with a call
# of your own delivery system. Never write links to a log.
[ -n "$LINKS" ] && echo "handed the links over"
