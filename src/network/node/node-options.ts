import type { PrivateKey } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import type { Libp2pOptions } from 'libp2p'
import { classifyAddress } from '../address/address-scope.ts'
import { parseListenAddress } from '../address/listen-address.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { networkLimits } from '../base/limits.ts'
import { ConnectionGate } from '../guard/connection-gate.ts'
import { HandshakeTurns } from '../guard/handshake-turns.ts'
import { IdleConnections } from '../guard/idle-connections.ts'
import { guardedTransport, type TransportGuards } from '../patch/guarded-transport.ts'
import { guardedMuxer } from '../patch/muxer/guarded-muxer.ts'
import { type Impostors, peerCheckingNoise } from '../patch/peer-check.ts'
import { rememberSignature } from '../patch/remembered-signature.ts'
import { CIRCUIT_PATCHES, TCP_PATCHES, WEB_SOCKET_PATCHES } from '../patch/transport-patches.ts'
import { circuitTransport } from '../relay/circuit-transport.ts'
import type { RelayClient, RelayComponents } from '../relay/relay-client.ts'
import { ListeningAddresses } from './listening-addresses.ts'

/** Our own deadline for a handshake does not count the time that this process stood still; libp2p's would. */
const LAST_RESORT = 4

/** The part of a node's options that depends on its host. */
export interface RecommendedOptionsInit {
  /** Multiaddrs on ip4 or ip6 with tcp, optionally ws. Port 0 takes a free one. @default none: the node only dials */
  readonly listen?: readonly string[]
  /** Multiaddrs to tell instead of those listened on. @default none */
  readonly announce?: readonly string[]
  /** @default libp2p makes a new one each time, and with it another party */
  readonly privateKey?: PrivateKey
  /** Replace single defaults. */
  readonly limits?: Partial<NetworkLimits>
}

/**
 * Options for a `createLibp2p` of your own: the transports, encrypter, muxer and limits of `taleus listen`, which lets a
 * crowd in and keeps single peers from taking all places. They are for libp2p 3.3; add services and the like beside them.
 * @throws ListenAddressError if an address is not one to listen on
 */
export function recommendedLibp2pOptions(init: RecommendedOptionsInit = {}): Libp2pOptions {
  return listeningOptions(init, { listenErrors: [] })
}

/** Makes the part of a node that keeps its places at relays, as `RelayClient` does. */
export type MakeRelays = (components: RelayComponents, guards: TransportGuards) => RelayClient

/** @param makeRelays @default it has none */
export function listeningOptions(
  { listen = [], announce = [], privateKey, limits: overrides }: RecommendedOptionsInit,
  given: Pick<TransportGuards, 'listenErrors' | 'proven'>,
  makeRelays?: MakeRelays,
): Libp2pOptions {
  const limits = networkLimits(overrides)
  // Named twice, it is still one.
  const asked = [...new Set(listen.map((address) => parseListenAddress(address).text))]
  const gate = new ConnectionGate(limits)
  const listening = new ListeningAddresses()
  const guards = transportGuards(limits, { ...given, gate })
  const options = dialingOptions(privateKey, guards)
  return {
    ...options,
    addresses: {
      listen: asked,
      announce: [...announce],
      announceFilter: (told) => (announce.length > 0 ? told : listening.withAll(told)),
    },
    connectionManager: {
      ...options.connectionManager,
      inboundConnectionThreshold: isOnLoopbackOnly(listen)
        ? limits.loopbackConnectionsPerSecond
        : limits.connectionsPerSecondPerHost,
    },
    connectionGater: {
      denyInboundEncryptedConnection: (peer, connection) => gate.deniesPeer(peer, connection),
    },
    connectionMonitor: {
      pingInterval: limits.monitorIntervalMs,
      pingTimeout: { minTimeout: limits.monitorTimeoutMs },
    },
    services: {
      idle: ({ connectionManager }) =>
        new IdleConnections(connectionManager, limits.idleConnectionMs),
      listening: (parts) => listening.bind(parts),
      ...(makeRelays === undefined
        ? {}
        : { relays: (components: RelayComponents) => makeRelays(components, guards) }),
    },
  }
}

/** The guards that the transports of one node share. */
export function transportGuards(
  limits: NetworkLimits,
  given: Pick<TransportGuards, 'listenErrors' | 'gate' | 'proven'>,
): TransportGuards {
  const impostors: Impostors = new WeakMap()
  return { ...given, limits, impostors, turns: new HandshakeTurns(limits), dials: [] }
}

/** Options of a node that only dials. */
export function dialingOptions(
  privateKey: PrivateKey | undefined,
  guards: TransportGuards,
): Libp2pOptions {
  const { limits, impostors } = guards
  // For a connection that is still HTTP: the whole of its one request within the upgrade's time.
  const http = {
    headersTimeout: limits.upgradeTimeoutMs,
    requestTimeout: limits.upgradeTimeoutMs,
    connectionsCheckingInterval: 1_000,
  }
  const maxConnections = limits.maxConnections + limits.maxPendingConnections
  return {
    ...(privateKey === undefined ? {} : { privateKey: rememberSignature(privateKey) }),
    transports: [
      guardedTransport(tcp({ maxConnections, backlog: 1_024 }), guards, TCP_PATCHES),
      guardedTransport(webSockets({ http }), guards, WEB_SOCKET_PATCHES),
      guardedTransport(circuitTransport(guards.dials), guards, CIRCUIT_PATCHES),
    ],
    connectionEncrypters: [peerCheckingNoise(impostors)],
    streamMuxers: [guardedMuxer(limits)],
    connectionManager: {
      maxConnections: limits.maxConnections,
      maxIncomingPendingConnections: limits.maxPendingConnections,
      inboundUpgradeTimeout: LAST_RESORT * limits.upgradeTimeoutMs,
      inboundStreamProtocolNegotiationTimeout: limits.negotiationTimeoutMs,
      outboundStreamProtocolNegotiationTimeout: limits.negotiationTimeoutMs,
      maxParallelDials: limits.maxParallelDials,
      maxDialQueueLength: limits.maxDialQueue,
      maxPeerAddrsToDial: limits.maxAddressesPerPeer,
      // One of our dials of one address is a race of all of them, see AddressRace; each has its own time there.
      addressDialTimeout:
        limits.addressDialTimeoutMs + limits.maxAddressesPerPeer * limits.takenDialStaggerMs,
      // A link's addresses are in the order that its maker chose.
      addressSorter: () => 0,
    },
  }
}

/** False also for a node of which it is not known where it listens. */
function isOnLoopbackOnly(listen: readonly string[]): boolean {
  return listen.length > 0 && listen.every((address) => classifyAddress(address) === 'loopback')
}
