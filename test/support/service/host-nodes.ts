import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import type { Libp2p } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { createLibp2p, type Libp2pOptions } from 'libp2p'
import { onTestFinished } from 'vitest'

/** A node as a host makes it who has only read libp2p's own page. */
export const bareOptions = (): Libp2pOptions => ({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
})

/** A started node, stopped at the test's end. */
export async function hostNode(options: Libp2pOptions = bareOptions()): Promise<Libp2p> {
  const node = await createLibp2p(options)
  onTestFinished(async () => void (await node.stop()))
  return node
}
