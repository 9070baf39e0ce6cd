#!/usr/bin/env bash
# @libp2p/mplex@12.0.32 libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0
#
# Expected: streams that are opened one after the other, each closed in good order by both sides before the next, can go on
#   for as long as one likes; `disconnectThreshold` counts streams that were refused because too many were open.
# Seen: the sixth within a second ends it. The dialer's connection still says `open`, and the stream is only given up by time.
#   With a pause of 300 ms between them all twelve are answered.
# So: whoever speaks mplex asks at most four things a second of one connection, or sets `disconnectThreshold`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund @libp2p/mplex@12.0.32 libp2p@3.3.11 @libp2p/tcp@11.0.28 @chainsafe/libp2p-noise@17.0.0
cat > run.mjs <<'JS'
import { noise } from '@chainsafe/libp2p-noise'
import { mplex } from '@libp2p/mplex'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'

function judge(seen, expected) {
  console.log('seen    ', JSON.stringify(seen))
  console.log('recorded', JSON.stringify(expected))
  process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1)
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const node = (listen) =>
  createLibp2p({
    addresses: { listen },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [mplex()],
  })

/** Asks twelve times, one after the other. Returns how many were answered, and what the connection says after that. */
async function ask(ms) {
  const [server, client] = [await node(['/ip4/127.0.0.1/tcp/0']), await node([])]
  await server.handle('/echo/1.0.0', async (stream) => {
    for await (const bytes of stream) stream.send(bytes)
    await stream.close()
  })
  const connection = await client.dial(server.getMultiaddrs()[0])
  let answered = 0
  try {
    for (; answered < 12; answered += 1) {
      const signal = AbortSignal.timeout(3_000)
      const stream = await connection.newStream('/echo/1.0.0', { signal })
      stream.send(new Uint8Array([1]))
      await stream.close({ signal })
      for await (const _ of stream);
      await pause(ms)
    }
  } catch {}
  const { status } = connection
  await Promise.all([client.stop(), server.stop()])
  return { answered, status }
}

judge(
  { atOnce: await ask(0), slowly: await ask(300) },
  { atOnce: { answered: 5, status: 'open' }, slowly: { answered: 12, status: 'open' } },
)
JS
node run.mjs
