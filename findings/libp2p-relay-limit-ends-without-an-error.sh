#!/usr/bin/env bash
# libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
# @libp2p/circuit-relay-v2@4.2.13 @libp2p/identify@4.1.14
#
# Expected: limits of a relayed connection are seconds, and bytes for each direction; a stream
#   that meets the limit ends by an error.
# Seen: seconds is 120000 (milliseconds), the bytes of both directions count as one, and at the
#   limit the stream closes as if all were said; connection.limits told before.
# So: a transfer over a relay is whole only if its own length or signature says so.
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
const runOnLimitedConnection = true
let received = 0
const answered = new Uint8Array(40_000)
await behind.handle(
  '/finding/1',
  (stream) => {
    stream.addEventListener('message', ({ data }) => (received += data.byteLength))
    stream.send(answered)
  },
  { runOnLimitedConnection },
)
await pause(1_000)
const connection = await (await home()).dial(behind.getMultiaddrs()[0])
const { seconds } = connection.limits
const stream = await connection.newStream('/finding/1', { runOnLimitedConnection })
let end = 'open'
stream.addEventListener('close', ({ error }) => (end = error?.name ?? 'closed without an error'))
for (let piece = 0; piece < 40 && stream.status === 'open'; piece += 1) {
  stream.send(new Uint8Array(4_096))
  await pause(30)
}
await pause(1_000)
// 131,072 bytes in all, of which the answer took 40,000.
judge({ seconds, end, one: received < 131_072 - answered.length }, {
  seconds: 120_000,
  end: 'closed without an error',
  one: true,
})
JS
node run.mjs
