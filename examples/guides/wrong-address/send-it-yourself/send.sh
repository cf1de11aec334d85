# Sends the link in $LINK. Replace the echo with a call of your own mail system. Never
# write links to a log.
[ -n "$LINK" ] || { echo "no link yet"; exit 0; }
echo "sent one link"
