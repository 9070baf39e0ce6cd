#!/usr/bin/env bash
# libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
# @libp2p/circuit-relay-v2@4.2.13 @libp2p/identify@4.1.14
#
# Expected: a relay with one place gives it to the next peer once the peer that had it has stopped
#   and its connection is gone.
# Seen: the place stays taken (for two hours by default), and the next peer is refused.
# So: the places of a relay are counted for everybody who came lately, not for who is there.
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

const relay = await relayNode({ maxReservations: 1 })
const listen = [`${relay.getMultiaddrs()[0]}/p2p-circuit`]
const first = await home(listen)
await pause(1_000)
await first.stop()
await pause(1_000)
const connections = relay.getConnections().length
const second = await home(listen).then(
  () => 'reserved',
  (error) => /RESERVATION_REFUSED/.exec(error.message)?.[0] ?? error.name,
)
judge({ connections, second }, { connections: 0, second: 'RESERVATION_REFUSED' })
JS
node run.mjs
