#!/usr/bin/env bash
# libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
# @libp2p/mdns@12.0.32
#
# Expected: multicast discovery on a local network tells the addresses at which others on that
#   network can reach a node.
# Seen: it tells 127.0.0.1 first, which leads everybody else to themselves, and leaves out a
#   public address that is listened on.
# So: addresses found by multicast are tried beside each other, never one after the other. Runs in
#   a network namespace of its own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1 @libp2p/mdns@12.0.32
cat > run.mjs <<'JS'
import { createLibp2p } from 'libp2p'
import { tcp } from '@libp2p/tcp'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { mdns } from '@libp2p/mdns'
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

const options = {
  addresses: { listen: ['/ip4/0.0.0.0/tcp/0'] },
  peerDiscovery: [mdns({ interval: 500 })],
}
await node(options)
const other = await node(options)
const hosts = await new Promise((resolve) => {
  setTimeout(() => resolve([]), 10_000)
  other.addEventListener('peer:discovery', ({ detail }) => {
    resolve(detail.multiaddrs.map((address) => address.toString().split('/')[2]))
  })
})
judge(hosts, ['127.0.0.1', '192.168.7.7'])
JS
unshare -Urn sh -c '
  ip link set lo up
  ip link set lo multicast on
  ip route add 224.0.0.0/4 dev lo
  ip addr add 8.8.4.4/32 dev lo
  ip addr add 192.168.7.7/24 dev lo
  exec node run.mjs
'
