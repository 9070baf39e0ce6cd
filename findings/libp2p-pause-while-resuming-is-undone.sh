#!/usr/bin/env bash
# libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0 @chainsafe/libp2p-yamux@8.0.1
#
# Expected: a reader that takes one piece, pauses in that very `message` event, and resumes later when
#   it has done its work, holds up the sender, and gets everything.
# Seen: the first pause holds it up. But resume() hands over what waits before it tells the muxer to go
#   on: the pause in that event is undone below, the sender is told to send on while nothing is read,
#   and the read buffer grows until it is too long and the stream is aborted. A reader that pauses
#   after resume() has returned gets everything.
# So: a pause may not be set while resume() runs; note the wish, and pause when it is back.
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

const node = (listen = []) =>
  createLibp2p({
    addresses: { listen },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  })
const ALL = 16 * 2 ** 20
const PIECE = 65_536
const WORK_MS = 200

/** Reads a piece, then works a while. */
function readSlowly(stream, pausesWhileResuming, report) {
  let [received, isFull, isResuming] = [0, false, false]
  const hold = () => {
    isFull = true
    if (pausesWhileResuming || !isResuming) stream.pause()
    setTimeout(goOn, WORK_MS)
  }
  const goOn = () => {
    if (stream.readStatus !== 'paused') return
    isFull = false
    isResuming = true
    stream.resume()
    isResuming = false
    if (isFull && stream.readStatus === 'readable') stream.pause()
  }
  stream.addEventListener('message', ({ data }) => {
    received += data.byteLength
    if (received < ALL) hold()
    else report('everything')
  })
  stream.addEventListener('close', ({ error }) => report(error?.name ?? 'closed'))
}

async function outcome(pausesWhileResuming) {
  const [reader, sender] = await Promise.all([node(['/ip4/127.0.0.1/tcp/0']), node()])
  const end = Promise.withResolvers()
  await reader.handle('/finding/1', (stream) => {
    readSlowly(stream, pausesWhileResuming, end.resolve)
  })
  const stream = await sender.dialProtocol(reader.getMultiaddrs(), '/finding/1')
  const send = async () => {
    for (let sent = 0; sent < ALL && stream.status === 'open'; sent += PIECE) {
      if (stream.send(new Uint8Array(PIECE))) continue
      await new Promise((resolve) => {
        stream.addEventListener('drain', () => queueMicrotask(resolve), { once: true })
        stream.addEventListener('close', resolve, { once: true })
      })
    }
  }
  send().catch(() => {})
  const seen = await end.promise
  await Promise.all([reader.stop(), sender.stop()])
  return seen
}

const seen = { whileResuming: await outcome(true), afterwards: await outcome(false) }
const recorded = { whileResuming: 'StreamBufferError', afterwards: 'everything' }
console.log('seen    ', JSON.stringify(seen))
console.log('recorded', JSON.stringify(recorded))
process.exit(JSON.stringify(seen) === JSON.stringify(recorded) ? 0 : 1)
JS
node run.mjs
