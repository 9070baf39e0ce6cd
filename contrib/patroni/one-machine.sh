#!/usr/bin/env bash
# Three PostgreSQL nodes under Patroni, with etcd and HAProxy, on this machine alone, to see a failover before one has to
# live through it. All of it listens on 127.0.0.1 and is in one directory. docs/high-availability.md tells the rest.
#
#   one-machine.sh start DIRECTORY [--asynchronous]   make the cluster, and print the URL of the store
#   one-machine.sh status DIRECTORY                   who leads, who follows
#   one-machine.sh kill DIRECTORY                     kill -9 the leader: Patroni and every process of its database
#   one-machine.sh lag DIRECTORY                      suspend what standbys receive with, so that a kill loses commits
#   one-machine.sh revive DIRECTORY                   start again what was killed
#   one-machine.sh stop DIRECTORY                     end everything; the directory is yours to remove
#
# Needs (Debian 12): apt-get install postgresql patroni etcd-server haproxy python3-etcd
set -euo pipefail

readonly NODES=(db1 db2 db3)
# Seconds. Patroni's least time to live is 20; 30 is its default.
readonly TTL="${TTL:-30}" LOOP_WAIT="${LOOP_WAIT:-10}" RETRY="${RETRY:-10}"
# Bytes. A standby that lags behind by more does not take over; 1 MiB is Patroni's default.
readonly MAX_LAG="${MAX_LAG:-1048576}"

die() {
  echo "$*" >&2
  exit 1
}

usage() {
  sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
  exit 2
}

# The programs of PostgreSQL, newest version first.
bin_directory() {
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -n "$found" ] || die 'There is no PostgreSQL here: apt-get install postgresql'
  echo "$found"
}

# Runs a program in the background, apart from this terminal, as a user that PostgreSQL takes; its pid goes to a file.
launch() {
  local name=$1
  shift
  local as=()
  [ "$(id -u)" != 0 ] || as=(setpriv --reuid postgres --regid postgres --init-groups)
  (cd "$DIR" && exec setsid "${as[@]}" "$@" </dev/null >>"log/$name.log" 2>&1) &
  echo $! >"$DIR/run/$name.pid"
}

# A port that nobody listens on just now.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

word() {
  head -c 18 /dev/urandom | base64 | tr '+/' '-_'
}

write_settings() {
  local mode=$1 node
  {
    echo "BIN=$(bin_directory)"
    echo "MODE=$mode"
    echo "ETCD=$(free_port) ETCD_PEER=$(free_port) ENTRY=$(free_port)"
    for node in "${NODES[@]}"; do echo "${node}_SQL=$(free_port) ${node}_REST=$(free_port)"; done
    echo "ADMIN_WORD=$(word) COPY_WORD=$(word) STORE_WORD=$(word)"
  } >"$DIR/settings"
  chmod 600 "$DIR/settings"
}

port_of() {
  local name="$1_$2"
  echo "${!name}"
}

write_patroni() {
  local node=$1 strict=true
  [ "$MODE" = synchronous ] || strict=false
  cat >"$DIR/$node.yml" <<YAML
scope: taleus
name: $node
restapi:
  listen: 127.0.0.1:$(port_of "$node" REST)
  connect_address: 127.0.0.1:$(port_of "$node" REST)
# Version 2 of etcd's interface: see docs/high-availability.md for which versions go together.
etcd:
  hosts: 127.0.0.1:$ETCD
bootstrap:
  dcs:
    ttl: $TTL
    loop_wait: $LOOP_WAIT
    retry_timeout: $RETRY
    maximum_lag_on_failover: $MAX_LAG
    synchronous_mode: $strict
    synchronous_mode_strict: $strict
    postgresql:
      use_pg_rewind: true
      parameters:
        synchronous_commit: 'on'
        max_connections: 60
        shared_buffers: 16MB
        wal_keep_size: 64MB
  initdb:
    - encoding: UTF8
    - locale: C
    - data-checksums
postgresql:
  listen: 127.0.0.1:$(port_of "$node" SQL)
  connect_address: 127.0.0.1:$(port_of "$node" SQL)
  data_dir: $DIR/$node
  bin_dir: $BIN
  pgpass: $DIR/run/$node.pgpass
  parameters:
    unix_socket_directories: $DIR/run
  pg_hba:
    - host all all 127.0.0.1/32 scram-sha-256
    - host replication copier 127.0.0.1/32 scram-sha-256
  authentication:
    superuser: {username: postgres, password: '$ADMIN_WORD'}
    replication: {username: copier, password: '$COPY_WORD'}
YAML
  chmod 600 "$DIR/$node.yml"
}

write_proxy() {
  local node
  {
    cat <<CFG
defaults
  mode tcp
  timeout connect 2s
  timeout client 30m
  timeout server 30m
listen store
  bind 127.0.0.1:$ENTRY
  option httpchk OPTIONS /primary
  http-check expect status 200
  default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
CFG
    for node in "${NODES[@]}"; do
      echo "  server $node 127.0.0.1:$(port_of "$node" SQL) check port $(port_of "$node" REST)"
    done
  } >"$DIR/haproxy.cfg"
}

launch_etcd() {
  local here="http://127.0.0.1:$ETCD" peer="http://127.0.0.1:$ETCD_PEER"
  launch etcd etcd --enable-v2=true --data-dir "$DIR/etcd" --logger zap --log-level warn \
    --listen-client-urls "$here" --advertise-client-urls "$here" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" \
    --initial-cluster "default=$peer"
}

# One line for each member: name, role, state.
members() {
  patronictl -c "$DIR/db1.yml" list --format json 2>/dev/null |
    python3 -c 'import json, sys
for each in json.load(sys.stdin):
    print(each["Member"], each["Role"].replace(" ", "_"), each["State"])' 2>/dev/null || true
}

leader() {
  members | awk '$2 == "Leader" && $3 == "running" { print $1 }'
}

# Waits until all are up and one leads: where commits wait for a standby, there is one to wait for.
await_all() {
  local tries has
  for ((tries = 0; tries < 240; tries += 1)); do
    has=$(members)
    if [ "$(grep -c ' running$' <<<"$has")" = 3 ] && grep -q ' Leader ' <<<"$has"; then
      [ "$MODE" = synchronous ] || return 0
      ! grep -q ' Sync_Standby ' <<<"$has" || return 0
    fi
    sleep 0.5
  done
  die "Not all nodes are up after two minutes: see $DIR/log"
}

make_database() {
  local sql
  sql=$(port_of "$(leader)" SQL)
  PGPASSWORD=$ADMIN_WORD "$BIN/psql" -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$sql" -U postgres postgres <<SQL
CREATE ROLE taleus LOGIN PASSWORD '$STORE_WORD';
CREATE DATABASE taleus OWNER taleus;
SQL
  echo "127.0.0.1:$ENTRY:taleus:taleus:$STORE_WORD" >"$DIR/pgpass"
  chmod 600 "$DIR/pgpass"
}

start() {
  local mode=synchronous node missing=()
  [ "${1:-}" != --asynchronous ] || mode=asynchronous
  for program in patroni patronictl etcd haproxy setsid python3; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [ ${#missing[@]} = 0 ] || die "Not here: ${missing[*]}. On Debian: apt-get install postgresql patroni etcd-server haproxy python3-etcd"
  [ ! -e "$DIR/settings" ] || die "A cluster is in $DIR already: stop it, and remove the directory"
  mkdir -p "$DIR/log" "$DIR/run"
  write_settings "$mode"
  . "$DIR/settings"
  for node in "${NODES[@]}"; do write_patroni "$node"; done
  write_proxy
  [ "$(id -u)" != 0 ] || chown -R postgres:postgres "$DIR"
  launch_etcd
  sleep 1
  for node in "${NODES[@]}"; do launch "$node" patroni "$DIR/$node.yml"; done
  launch haproxy haproxy -db -f "$DIR/haproxy.cfg"
  await_all
  make_database
  echo "url postgres://taleus@127.0.0.1:$ENTRY/taleus"
  echo "password file $DIR/pgpass"
}

# The process that PostgreSQL's others are children of.
postmaster() {
  head -n 1 "$DIR/$1/postmaster.pid" 2>/dev/null || true
}

is_running() {
  [ -n "$1" ] && kill -0 "$1" 2>/dev/null
}

kill_leader() {
  local node main children
  node=$(leader)
  [ -n "$node" ] || die 'Nobody leads just now'
  main=$(postmaster "$node")
  children=$(pgrep -P "$main" | tr '\n' ' ' || true)
  # As one: a machine that is gone does not finish what it was writing.
  kill -9 "$(cat "$DIR/run/$node.pid")" "$main" $children 2>/dev/null || true
  # Receivers that `lag` has suspended lose what is still on its way to them.
  if [ -e "$DIR/run/suspended" ]; then
    xargs -r kill -TERM <"$DIR/run/suspended" || true
    xargs -r kill -CONT <"$DIR/run/suspended" || true
    rm "$DIR/run/suspended"
  fi
  echo "killed $node"
}

lag() {
  local node main first
  first=$(leader)
  for node in "${NODES[@]}"; do
    [ "$node" != "$first" ] || continue
    main=$(postmaster "$node")
    [ -n "$main" ] || continue
    pgrep -P "$main" -f walreceiver || true
  done >"$DIR/run/suspended"
  xargs -r kill -STOP <"$DIR/run/suspended"
  echo "suspended $(wc -l <"$DIR/run/suspended") receivers"
}

revive() {
  local node
  for node in "${NODES[@]}"; do
    is_running "$(cat "$DIR/run/$node.pid")" || launch "$node" patroni "$DIR/$node.yml"
  done
  await_all
  members
}

stop() {
  local file pid tries node
  # Patroni ends its database.
  for file in "$DIR"/run/*.pid; do
    pid=$(cat "$file")
    ! is_running "$pid" || kill -TERM "$pid" 2>/dev/null || true
  done
  for ((tries = 0; tries < 60; tries += 1)); do
    local still=0
    for file in "$DIR"/run/*.pid; do ! is_running "$(cat "$file")" || still=1; done
    [ "$still" = 1 ] || break
    sleep 0.5
  done
  for file in "$DIR"/run/*.pid; do
    pid=$(cat "$file")
    ! is_running "$pid" || kill -9 "$pid" 2>/dev/null || true
  done
  for node in "${NODES[@]}"; do
    pid=$(postmaster "$node")
    ! is_running "$pid" || kill -QUIT "$pid" 2>/dev/null || true
  done
}

[ $# -ge 2 ] || usage
DIR=$(realpath -m "$2")
command=$1
shift 2
if [ "$command" != start ]; then
  [ -r "$DIR/settings" ] || die "No cluster in $DIR: one-machine.sh start $DIR"
  . "$DIR/settings"
fi
case $command in
  start) start "$@" ;;
  status) patronictl -c "$DIR/db1.yml" list ;;
  kill) kill_leader ;;
  lag) lag ;;
  revive) revive ;;
  stop) stop ;;
  *) usage ;;
esac
