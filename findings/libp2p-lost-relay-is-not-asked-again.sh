#!/usr/bin/env bash
# libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
# @libp2p/circuit-relay-v2@4.2.13 @libp2p/identify@4.1.14 @libp2p/crypto@5.1.23
#
# Expected: a node whose relay was restarted, with the same key and port, makes its reservation
#   again within a minute.
# Seen: it never does: no relayed address and no connection after 60 s.
# So: whoever wants to stay reachable watches the reservation itself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1 @libp2p/circuit-relay-v2@4.2.13 @libp2p/identify@4.1.14 @libp2p/crypto@5.1.23
cat > run.mjs <<'JS'
import { createLibp2p } from 'libp2p'
import { tcp } from '@libp2p/tcp'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { generateKeyPair } from '@libp2p/crypto/keys'
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

const privateKey = await generateKeyPair('Ed25519')
const first = await relayNode({}, { privateKey })
const address = first.getMultiaddrs()[0]
const behind = await home([`${address}/p2p-circuit`])
const isReachable = () =>
  behind.getMultiaddrs().some((known) => known.toString().includes('/p2p-circuit'))
async function becomes(wanted, seconds) {
  for (let left = seconds * 5; left > 0 && isReachable() !== wanted; left -= 1) await pause(200)
  return isReachable() === wanted
}
const reserved = await becomes(true, 10)
await first.stop()
const lost = await becomes(false, 10)
const listen = [address.toString().replace(/\/p2p\/.*/, '')]
await relayNode({}, { privateKey, addresses: { listen } })
const again = await becomes(true, 60)
judge({ reserved, lost, again }, { reserved: true, lost: true, again: false })
JS
node run.mjs
