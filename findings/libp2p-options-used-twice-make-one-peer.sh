#!/usr/bin/env bash
# libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
#
# Expected: a node that is given no key makes one of its own, so two nodes from the same options are two
#   peers.
# Seen: the key that is made is written into the options that were given. A second node from the same
#   object is the same peer, and neither can dial the other.
# So: options for libp2p come out of a function, anew for each node.
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

const options = {
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
}
const [one, other] = [await createLibp2p(options), await createLibp2p(options)]
const dialled = await one.dial(other.getMultiaddrs()[0]).then(
  () => true,
  () => false,
)
const seen = {
  samePeer: one.peerId.equals(other.peerId),
  keyInOptions: 'privateKey' in options,
  dialled,
}
await Promise.all([one.stop(), other.stop()])
const recorded = { samePeer: true, keyInOptions: true, dialled: false }
console.log('seen    ', JSON.stringify(seen))
console.log('recorded', JSON.stringify(recorded))
process.exit(JSON.stringify(seen) === JSON.stringify(recorded) ? 0 : 1)
JS
node run.mjs
