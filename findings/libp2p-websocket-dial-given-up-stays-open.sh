#!/usr/bin/env bash
# @libp2p/websockets@10.1.21 libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
#
# Expected: a dial that is given up by its signal before the other side has answered leaves no socket
#   behind, over WebSockets as over TCP.
# Seen: over TCP the socket is closed; over WebSockets the dial ends with the abort, but its socket stays
#   open, although the node has forgotten it and no connection is listed.
# So: who dials several addresses beside each other and takes the first has to close those of the others
#   by itself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund libp2p@3.3.11 @libp2p/tcp@11.0.28 @libp2p/websockets@10.1.21 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1 @multiformats/multiaddr@13.0.1
cat > run.mjs <<'JS'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { createLibp2p } from 'libp2p'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { multiaddr } from '@multiformats/multiaddr'

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

// A host that takes connections and says nothing.
const open = new Set()
const quiet = createServer((socket) => {
  open.add(socket)
  socket.on('error', () => {}).on('close', () => open.delete(socket)).resume()
})
quiet.listen(0, '127.0.0.1')
await once(quiet, 'listening')

async function openAfterGivenUpDial(suffix) {
  const node = await createLibp2p({
    transports: [tcp(), webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  })
  const address = multiaddr(`/ip4/127.0.0.1/tcp/${quiet.address().port}${suffix}`)
  await node.dial(address, { signal: AbortSignal.timeout(500) }).then(() => {
    throw new Error('nobody answered, and the dial succeeded')
  }, () => {})
  await pause(2_000)
  const count = open.size
  for (const socket of open) socket.destroy()
  await pause(200)
  await node.stop()
  return count
}

const seen = { tcp: await openAfterGivenUpDial(''), webSockets: await openAfterGivenUpDial('/ws') }
const recorded = { tcp: 0, webSockets: 1 }
console.log('seen    ', JSON.stringify(seen))
console.log('recorded', JSON.stringify(recorded))
process.exit(JSON.stringify(seen) === JSON.stringify(recorded) ? 0 : 1)
JS
node run.mjs
