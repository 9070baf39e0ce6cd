import { noise } from '@chainsafe/libp2p-noise'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { mplex } from '@libp2p/mplex'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { onTestFinished } from 'vitest'

/** Written from the description of `/taleus/bootstrap/1.0.0` in docs/older-peers.md alone: nothing of ours is in it. */
export const OLDER_PROTOCOL = '/taleus/bootstrap/1.0.0'

/** A node as older peers have it: TCP, noise, and mplex alone. @param listen on loopback */
export async function olderNode(listen = false): Promise<Libp2p> {
  const node = await createLibp2p({
    addresses: { listen: listen ? ['/ip4/127.0.0.1/tcp/0'] : [] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [mplex()],
    connectionMonitor: { enabled: false },
  })
  onTestFinished(async () => void (await node.stop()))
  return node
}

/** All that comes on a stream until the other side half-closes. */
export async function readAll(stream: Stream): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk.subarray())
  return Buffer.concat(chunks).toString()
}

/** Writes one JSON object, and half-closes. */
export async function writeWhole(stream: Stream, message: object): Promise<void> {
  stream.send(Buffer.from(JSON.stringify(message)))
  await stream.close()
}

/** Opens a stream of the older protocol. */
export async function olderStream(connection: Connection): Promise<Stream> {
  return await connection.newStream([OLDER_PROTOCOL])
}
