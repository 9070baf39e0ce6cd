#!/bin/sh
# While there is a file called `closed` beside this program, nobody gets in: "paused, come again later".
#
#   taleus listen --hook-command ./closed.sh
#
# A question is one line of JSON on standard input. First of all it is asked which hooks it answers.
read -r question
case $question in
*'"hook":"hooks"'*) echo '{"v":1,"answer":["token.validate"]}' ;;
*)
  if [ -e "$(dirname "$0")/closed" ]; then
    echo '{"v":1,"answer":{"refused":"paused"}}'
  else
    echo '{"v":1,"usual":true}'
  fi
  ;;
esac
