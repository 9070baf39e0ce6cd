#!/usr/bin/env bash
# libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
# @libp2p/circuit-relay-v2@4.2.13 retimeable-signal@1.0.1
#
# Expected: a reservation that is renewed, again and again, before it lapses is kept by the relay.
# Seen: the first renewal counts, later ones do not: the reservation lapses one term after the first renewal, though
#   the relay has answered each later one with OK and a later expiry. The signal that ends it can be reset once only.
# So: whoever keeps a reservation asks for it far more often than it lapses: then it is gone for a moment only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "private": true, "type": "module", "overrides": { "retimeable-signal": "1.0.1" } }' > package.json
npm install --silent --no-audit --no-fund libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1 @libp2p/circuit-relay-v2@4.2.13
cat > run.mjs <<'JS'
import { createLibp2p } from 'libp2p'
import { tcp } from '@libp2p/tcp'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayServer, RELAY_V2_HOP_CODEC } from '@libp2p/circuit-relay-v2'

const node = (options) =>
  createLibp2p({
    transports: [tcp()],
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

const relay = await node({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  services: { relay: circuitRelayServer({ reservations: { reservationTtl: 4_000 } }) },
})
const home = await node({})
const connection = await home.dial(relay.getMultiaddrs())

/** RESERVE, behind its length; the answer is a status, which is 100 when all is well. */
async function reserve() {
  const stream = await connection.newStream(RELAY_V2_HOP_CODEC)
  const answer = new Promise((resolve) => stream.addEventListener('message', ({ data }) => resolve(data.subarray())))
  stream.send(Uint8Array.of(2, 8, 0))
  const bytes = await answer
  await stream.close()
  return [...bytes.slice(-2)].join(' ') === '40 100' ? 'OK' : 'refused'
}

const answers = []
const kept = []
// A term is 4 s: a renewal each second keeps it well within.
for (let second = 0; second < 7; second += 1) {
  kept.push(relay.services.relay.reservations.size)
  answers.push(await reserve())
  await pause(1_000)
}
// The 7th second: the last renewal is one second old.
const renewed = answers.every((each) => each === 'OK')
const lapsed = kept.slice(1).includes(0)
judge({ renewed, lapsed }, { renewed: true, lapsed: true })
JS
node run.mjs
