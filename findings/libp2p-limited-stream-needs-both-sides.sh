#!/usr/bin/env bash
# libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
# @libp2p/circuit-relay-v2@4.2.13 @libp2p/identify@4.1.14
#
# Expected: a dialler that opens a stream over a relay with runOnLimitedConnection is told by an
#   error if the handler of the other side was registered without it.
# Seen: the stream is given without an error, and is reset already; the handler never hears of it.
# So: both sides have to say it, and the dialler looks at the status of the stream.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1 @libp2p/circuit-relay-v2@4.2.13 @libp2p/identify@4.1.14
cat > run.mjs <<'JS'
import { createLibp2p } from 'libp2p'
import { tcp } from '@libp2p/tcp'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
const node = ({ transports = [], ...options }) =>
  createLibp2p({
    transports: [tcp(), ...transports],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    ...options,
  })
const relayNode = (reservations = {}, options = {}) =>
  node({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    services: { identify: identify(), relay: circuitRelayServer({ reservations }) },
    ...options,
  })
const home = (listen = []) =>
  node({
    transports: [circuitRelayTransport()],
    services: { identify: identify() },
    addresses: { listen },
  })

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
function judge(seen, expected) {
  console.log('seen    ', JSON.stringify(seen))
  console.log('recorded', JSON.stringify(expected))
  process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1)
}

const relay = await relayNode()
const behind = await home([`${relay.getMultiaddrs()[0]}/p2p-circuit`])
let handled = 0
await behind.handle('/finding/1', () => (handled += 1))
await pause(1_000)
const connection = await (await home()).dial(behind.getMultiaddrs()[0])
const plain = await connection.newStream('/finding/1').catch((error) => error.name)
const stream = await connection.newStream('/finding/1', { runOnLimitedConnection: true })
await pause(500)
judge([plain, stream.status, handled], ['LimitedConnectionError', 'reset', 0])
JS
node run.mjs
