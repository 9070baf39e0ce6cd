import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import type { NetworkNode } from '../../src/network/node/node.ts'

/** More than its default, which is reached in the moments before connections that were closed are gone. */
const MAX_CONNECTIONS = 2_000

/**
 * libp2p as it comes, with the transport and encryption of ours and nothing of our tuning but what it takes to be
 * called that often: by default it would turn away connections, and measure how well it does so.
 */
export async function createPlainNode(listen: readonly string[] = []): Promise<NetworkNode> {
  return await createLibp2p({
    addresses: { listen: [...listen] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: {
      inboundConnectionThreshold: Number.POSITIVE_INFINITY,
      maxConnections: MAX_CONNECTIONS,
      maxIncomingPendingConnections: MAX_CONNECTIONS,
    },
  })
}
