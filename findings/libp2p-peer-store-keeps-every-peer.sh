#!/usr/bin/env bash
# libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
#
# Expected: a node that listens forgets a peer of one short connection once that connection has
#   ended.
# Seen: each stays in the peer store, with what it speaks, long after its connection. A node that
#   many strangers meet once grows with each of them.
# So: taleus lets its nodes remember no peers.
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

const listener = await node({ addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] } })
await listener.handle('/finding/1', (stream) => stream.close())
const PEERS = 8
for (let peer = 0; peer < PEERS; peer += 1) {
  // A listener takes five connections a second from one host.
  await pause(400)
  const dialer = await node({})
  await dialer.dialProtocol(listener.getMultiaddrs()[0], '/finding/1')
  await dialer.stop()
}
await pause(1_000)
judge(
  { connections: listener.getConnections().length, remembered: (await listener.peerStore.all()).length },
  { connections: 0, remembered: PEERS },
)
JS
node run.mjs
