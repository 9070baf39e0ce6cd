import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { Connection, Libp2p } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createNode, type NetworkNode, nodeAddresses } from '../../../src/network/node/node.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import type { RelayPolicy } from '../../../src/network/relay-server/relay-access.ts'
import type { RelayEvent } from '../../../src/network/relay-server/relay-event.ts'
import type { RelayLimits } from '../../../src/network/relay-server/relay-limits.ts'
import { RelayServer } from '../../../src/network/relay-server/relay-server.ts'

export const ANYBODY: RelayPolicy = { open: true, allow: new Set() }

export const NOBODY: RelayPolicy = { open: false, allow: new Set() }

/** The protocol of `echoOn`. */
const ECHO = '/test/echo'

const stops: (() => Promise<unknown>)[] = []

/** Stops all that was started here. */
export async function stopRelays(): Promise<void> {
  await Promise.all(stops.splice(0).map(async (stop) => await stop()))
}

export interface TestRelay {
  readonly server: RelayServer
  readonly node: NetworkNode
  readonly events: RelayEvent[]
  /** With the relay's peer id. */
  readonly address: string
}

export async function startRelay(
  policy: RelayPolicy,
  limits: Partial<RelayLimits> = {},
  listen = '/ip4/127.0.0.1/tcp/0',
  mayDial?: (address: string) => boolean,
): Promise<TestRelay> {
  const node = await createNode({
    privateKey: privateKeyFromBytes(generatePrivateKeyBytes()),
    listen: [listen],
  })
  stops.push(async () => await stopNode(node))
  const events: RelayEvent[] = []
  const server = new RelayServer({
    node,
    policy,
    limits,
    addresses: () => nodeAddresses(node),
    hear: (event) => events.push(event),
    ...(mayDial === undefined ? {} : { mayDial }),
  })
  await server.start()
  stops.unshift(async () => await server.stop())
  const [address = ''] = nodeAddresses(node)
  return { server, node, events, address: `${address}/p2p/${node.peerId.toString()}` }
}

/** A node of libp2p as it comes, that can reserve and dial through relays. */
export async function stockNode(): Promise<Libp2p> {
  const node = await createLibp2p({
    transports: [tcp(), webSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify() },
  })
  stops.push(async () => await node.stop())
  return node
}

/** Reserves a place by the stock client. */
export async function reserveAt(node: Libp2p, relay: string): Promise<void> {
  const components: unknown = Reflect.get(node, 'components')
  const manager: unknown = Reflect.get(Object(components), 'transportManager')
  const { listen } = Object(manager) as { listen(addresses: unknown[]): Promise<void> }
  await listen.call(manager, [multiaddr(`${relay}/p2p-circuit`)])
}

export async function dialThrough(node: Libp2p, relay: string, to: Libp2p): Promise<Connection> {
  return await node.dial(multiaddr(`${relay}/p2p-circuit/p2p/${to.peerId.toString()}`))
}

/** Answers what comes with the same. */
export async function echoOn(node: Libp2p): Promise<void> {
  await node.handle(
    ECHO,
    (stream) => {
      stream.addEventListener('message', ({ data }) => {
        if (!stream.send(data)) {
          stream.pause()
          stream.addEventListener('drain', () => queueMicrotask(() => stream.resume()), {
            once: true,
          })
        }
      })
      stream.addEventListener('remoteCloseWrite', () => void stream.close().catch(() => undefined))
    },
    { runOnLimitedConnection: true },
  )
}

/** Sends bytes on a new stream, and resolves with the number that came back when it closed. */
export async function echoed(connection: Connection, bytes: Uint8Array): Promise<number> {
  const stream = await connection.newStream(ECHO, { runOnLimitedConnection: true })
  const whole = Promise.withResolvers<number>()
  let count = 0
  stream.addEventListener('message', ({ data }) => {
    count += data.byteLength
    if (count >= bytes.length) whole.resolve(count)
  })
  stream.addEventListener('close', () => whole.resolve(count))
  stream.send(bytes)
  const all = await whole.promise
  await stream.close().catch(() => undefined)
  return all
}
