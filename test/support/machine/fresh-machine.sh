#!/bin/bash
# Makes this mount namespace look like a machine that knows nothing of taleus, and follows a recipe on it, in a fresh
# checkout in somebody's home.
#   unshare --mount bash fresh-machine.sh CHECKOUT RECIPE WORK [PROGRAMS …]
# CHECKOUT  the sources, without what is installed in them
# RECIPE    the commands, as the page has them
# WORK      an empty folder
# PROGRAMS  folders of programs that stand before the system's own
set -eu
checkout=$1 recipe=$2 work=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
mount --make-rprivate /

mkdir "$work/etc" "$work/journal"
cp -a /etc/. "$work/etc"
mount --bind "$work/etc" /etc
mkdir -p /etc/systemd/system
for folder in /home /opt /var/lib; do mount -t tmpfs -o mode=755 tmpfs $folder; done
home=/home/alice/taleus
mkdir -p $home
tar -C "$checkout" -c --exclude=./node_modules --exclude=./.git . | tar -C $home -xp
[ -z "${NODE_MODULES:-}" ] || { mkdir $home/node_modules; mount --bind "$NODE_MODULES" $home/node_modules; }
chmod 700 /home/alice

export JOURNAL=$work/journal
trap 'for pid in "$JOURNAL"/*.pid; do [ ! -e "$pid" ] || kill "$(cat "$pid")" 2> /dev/null || true; done' EXIT
programs=$here/programs
for folder in "$@"; do programs=$folder:$programs; done
cd $home
PATH=$programs:$PATH bash -euo pipefail "$recipe"
