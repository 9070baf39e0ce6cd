import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import type { NetworkNode } from '../src/network/node.ts'

/** libp2p as it comes, with the transport and encryption of ours and nothing of our tuning. */
export async function createStockNode(listen: readonly string[] = []): Promise<NetworkNode> {
  return await createLibp2p({
    addresses: { listen: [...listen] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: Number.POSITIVE_INFINITY },
  })
}
