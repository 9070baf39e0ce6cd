/**
 * A relay in a process of its own, `relay-process.ts ours|stock`: greets its parent with its address, and tells how it is
 * when asked.
 */
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../src/network/identity/identity-key.ts'
import { createNode, nodeAddresses } from '../../src/network/node/node.ts'
import { RelayServer } from '../../src/network/relay-server/relay-server.ts'
import { serve } from '../process/child.ts'
import { processUsage } from '../process/usage.ts'

const LISTEN = ['/ip4/127.0.0.1/tcp/0']

/** More than are measured: how well it turns others away is not the question. */
const MAX_PLACES = 4_000

interface Started {
  /** With its peer id. */
  readonly address: string
  /** Bytes that it has carried. */
  readonly bytes?: () => number
}

async function startOurs(): Promise<Started> {
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  const node = await createNode({ privateKey, listen: LISTEN })
  const server = new RelayServer({
    node,
    policy: { open: true, allow: new Set() },
    limits: { maxReservations: MAX_PLACES, maxCircuitsFromPeer: MAX_PLACES },
    addresses: () => nodeAddresses(node),
    hear: () => undefined,
  })
  await server.start()
  return {
    address: `${nodeAddresses(node)[0]}/p2p/${node.peerId.toString()}`,
    bytes: () => server.usage.bytes,
  }
}

/** libp2p's relay as it comes, with nothing of our tuning but room for as many. */
async function startStock(): Promise<Started> {
  const node = await createLibp2p({
    addresses: { listen: LISTEN },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: {
      inboundConnectionThreshold: Number.POSITIVE_INFINITY,
      maxConnections: MAX_PLACES,
      maxIncomingPendingConnections: MAX_PLACES,
    },
    services: { relay: circuitRelayServer({ reservations: { maxReservations: MAX_PLACES } }) },
  })
  return { address: String(node.getMultiaddrs()[0]) }
}

const { address, bytes } = process.argv[2] === 'ours' ? await startOurs() : await startStock()
serve(address, ({ collect }: { readonly collect: boolean }) => ({
  ...processUsage(collect),
  bytes: bytes?.(),
}))
