import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { type CircuitRelayServerInit, circuitRelayServer } from '@libp2p/circuit-relay-v2'
import type { Connection, Libp2p } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { createLibp2p } from 'libp2p'
import type { NetworkLimits } from '../../../src/network/base/limits.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createNode, type NetworkNode, nodeRelays } from '../../../src/network/node/node.ts'
import { serveBootstrap } from '../../../src/network/node/serve.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import type { KeptPlace } from '../../../src/network/relay/kept-place.ts'
import type { Transport } from '../../../src/session/ports/transport.ts'
import { TCP } from './two-nodes.ts'

const nodes: Pick<Libp2p, 'stop'>[] = []
const guests: NetworkNode[] = []

/** Stops every relay and guest that a test made. */
export async function stopRelays(): Promise<void> {
  await Promise.all(guests.splice(0).map(async (node) => await stopNode(node)))
  await Promise.all(nodes.splice(0).map(async (node) => await node.stop()))
}

export interface StockRelay {
  readonly node: Pick<Libp2p, 'stop' | 'getConnections'>
  /** Without the relay's id. */
  readonly address: string
  readonly id: string
  /** The peers that have a place. */
  guests(): readonly string[]
  /** Takes all places away, and tells nobody. */
  forget(): void
  /** Its connections to one of them. */
  connectionsTo(peer: string): readonly Connection[]
  /** How often it was asked for a place. */
  asked(): number
}

/** A relay of libp2p's own, as it comes. */
export async function stockRelay(
  init: CircuitRelayServerInit = {},
  listen: string = TCP,
): Promise<StockRelay> {
  let asked = 0
  const node = await createLibp2p({
    addresses: { listen: [listen] },
    connectionGater: {
      denyInboundRelayReservation: () => {
        asked += 1
        return false
      },
    },
    transports: [tcp(), webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { relay: circuitRelayServer(init) },
  })
  nodes.push(node)
  const [whole = ''] = node.getMultiaddrs().map((address) => address.toString())
  const { reservations } = node.services.relay
  return {
    node,
    address: whole.replace(/\/p2p\/.*$/, ''),
    id: node.peerId.toString(),
    guests: () => [...reservations.keys()].map(String),
    forget: () => reservations.clear(),
    connectionsTo: (peer) =>
      node.getConnections().filter(({ remotePeer }) => remotePeer.toString() === peer),
    asked: () => asked,
  }
}

export interface Guest {
  readonly node: NetworkNode
  readonly peer: string
  readonly places: readonly KeptPlace[]
  /** The states that its places went through, in order. */
  readonly states: string[]
}

/** A node that listens nowhere, and is reached by these relays only. */
export async function guestOf(
  relays: readonly string[],
  accept: (transport: Transport) => void,
  limits: Partial<NetworkLimits> = {},
  listen: readonly string[] = [],
): Promise<Guest> {
  const states: string[] = []
  const node = await createNode({
    privateKey: privateKeyFromBytes(generatePrivateKeyBytes()),
    listen,
    limits,
    relays: {
      relays: relays.map((address) => ({ address })),
      onChange: ({ state }) => void states.push(state),
    },
  })
  guests.push(node)
  await serveBootstrap(node, accept, limits)
  return { node, peer: node.peerId.toString(), places: nodeRelays(node), states }
}
