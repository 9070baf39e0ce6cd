#!/bin/sh
# Says on the desktop what has happened; without one, it writes a line into the file `notes` beside this program.
#
#   taleus listen --on-event ./notify.sh
#   taleus listen --on-event ./notify.sh --on-event-kinds redeemed,failed
#
# An event is one line of JSON on standard input: {"kind":"redeemed",…}.
read -r event
kind=$(printf '%s' "$event" | sed 's/^{"kind":"\([a-z]*\)".*/\1/')
if [ -n "$DBUS_SESSION_BUS_ADDRESS" ] && command -v notify-send >/dev/null; then
  exec notify-send taleus "$kind"
fi
printf '%s %s\n' "$kind" "$event" >>"$(dirname "$0")/notes"
