#!/usr/bin/env bash
# libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
#
# Expected: getMultiaddrs() of a node that was told to listen on a public address of its own host
#   names that address.
# Seen: it names none, and on 0.0.0.0 all but the public one, until a service such as AutoNAT has
#   confirmed it; without one for ever.
# So: whoever prints "listening on" asks the transports. The script gives a public address to the
#   loopback interface of a network namespace of its own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
cat > run.mjs <<'JS'
import { createLibp2p } from 'libp2p'
import { tcp } from '@libp2p/tcp'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
const node = ({ transports = [], ...options }) =>
  createLibp2p({
    transports: [tcp(), ...transports],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    ...options,
  })

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
function judge(seen, expected) {
  console.log('seen    ', JSON.stringify(seen))
  console.log('recorded', JSON.stringify(expected))
  process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1)
}

const told = async (address) => {
  const listener = await node({ addresses: { listen: [address] } })
  const hosts = listener.getMultiaddrs().map((known) => known.toString().split('/')[2])
  await listener.stop()
  return hosts
}
judge([await told('/ip4/8.8.4.4/tcp/0'), await told('/ip4/0.0.0.0/tcp/0')], [
  [],
  ['127.0.0.1', '192.168.7.7'],
])
JS
unshare -Urn sh -c '
  ip link set lo up
  ip addr add 8.8.4.4/32 dev lo
  ip addr add 192.168.7.7/24 dev lo
  exec node run.mjs
'
