#!/usr/bin/env bash
# libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
#
# Expected: when two nodes dial each other at the same time, one of the two connections is given
#   up, as in simultaneous connect.
# Seen: both survive on both sides, and stay open while nobody uses one of them.
# So: a limit on connections for each peer has to allow for two.
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

const listen = { addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] } }
const [one, other] = [await node(listen), await node(listen)]
await Promise.all([one.dial(other.getMultiaddrs()[0]), other.dial(one.getMultiaddrs()[0])])
await pause(2_000)
judge([one.getConnections().length, other.getConnections().length], [2, 2])
JS
node run.mjs
