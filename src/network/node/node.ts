import type { Connection, Libp2p, PrivateKey, Stream } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import type { Libp2pOptions } from 'libp2p'
import { createLibp2p } from 'libp2p'
import { classifyAddress } from '../address/address-scope.ts'
import { likelyFirst, waysIn } from '../address/likely-first.ts'
import { parseListenAddress } from '../address/listen-address.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { networkLimits } from '../base/limits.ts'
import type { ListenError } from '../errors.ts'
import { ConnectionGate } from '../guard/connection-gate.ts'
import { HandshakeTurns } from '../guard/handshake-turns.ts'
import { IdleConnections } from '../guard/idle-connections.ts'
import { ProvenHosts } from '../guard/proven-hosts.ts'
import { quietLogger } from '../guard/quiet-logger.ts'
import { rememberNoPeers } from '../patch/forgetful-peers.ts'
import { guardedMuxer } from '../patch/guarded-muxer.ts'
import { guardedTransport, type TransportGuards } from '../patch/guarded-transport.ts'
import { nameListenErrors } from '../patch/listen-errors.ts'
import { type Impostors, peerCheckingNoise } from '../patch/peer-check.ts'
import { rememberSignature } from '../patch/remembered-signature.ts'
import { TCP_PATCHES, WEB_SOCKET_PATCHES } from '../patch/transport-patches.ts'

/** Our own deadline for a handshake does not count the time that this process stood still; libp2p's would. */
const LAST_RESORT = 4

// For those who may not import libp2p.
export type { Connection, Stream }

/** A libp2p node. */
export type NetworkNode = Libp2p

/** Of each node that listens. */
const provenHosts = new WeakMap<NetworkNode, ProvenHosts>()

/** Options of a node that only dials. */
export interface DialNodeInit {
  readonly privateKey: PrivateKey
  /** Replace single defaults. */
  readonly limits?: Partial<NetworkLimits>
  /** False: the caller starts it. @default true */
  readonly start?: boolean
}

/** Options of a listening node. */
export interface NodeInit extends DialNodeInit {
  /** Multiaddrs on ip4 or ip6 with tcp, optionally ws. Port 0 takes a free one. */
  readonly listen: readonly string[]
  /** Multiaddrs to tell instead of those listened on. @default none */
  readonly announce?: readonly string[]
}

/**
 * A node that listens on TCP and WebSockets, with noise and yamux and nothing else: no identify and
 * no ping service, which would open streams of their own on every connection.
 * @throws ListenAddressError if an address is not one to listen on; ListenError, also from `start()`, if
 *   listening failed; PatchedInternalsError, also from `start()`
 */
export async function createNode(init: NodeInit): Promise<NetworkNode> {
  const limits = networkLimits(init.limits)
  for (const address of init.listen) parseListenAddress(address)
  const listenErrors: ListenError[] = []
  const gate = new ConnectionGate(limits)
  const proven = new ProvenHosts()
  const options = baseOptions(init.privateKey, limits, { listenErrors, gate, proven })
  const node = await createLibp2p({
    ...options,
    start: false,
    addresses: { listen: [...init.listen], announce: [...(init.announce ?? [])] },
    connectionManager: {
      ...options.connectionManager,
      inboundConnectionThreshold: isLoopbackOnly(init.listen)
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
    },
  })
  nameListenErrors(node, listenErrors)
  rememberNoPeers(node)
  provenHosts.set(node, proven)
  if (init.start ?? true) await node.start()
  return node
}

/**
 * A node that dials and listens on nothing. What makes a connection cheap, here and above:
 * one muxer and one encrypter, so that noise's handshake carries the choice of muxer and saves a
 * round trip; no service that greets every connection with streams; no keep-alive; a silent logger;
 * and here no monitor either: a session has its own deadlines, and an idle TCP connection ends by
 * itself after two minutes. What remains is mostly noise's cryptography and libp2p's bookkeeping.
 * @throws PatchedInternalsError
 */
export async function createDialNode(init: DialNodeInit): Promise<NetworkNode> {
  const node = await createLibp2p({
    ...baseOptions(init.privateKey, networkLimits(init.limits), { listenErrors: [] }),
    start: init.start ?? true,
    connectionMonitor: { enabled: false },
  })
  rememberNoPeers(node)
  return node
}

/** The multiaddrs that a started node can be reached at, no peer id; the likely ones first, see `likelyFirst`. */
export function nodeAddresses(node: NetworkNode): string[] {
  const suffix = `/p2p/${node.peerId.toString()}`
  const addresses = node.getMultiaddrs().map((address) => {
    const text = address.toString()
    return text.endsWith(suffix) ? text.slice(0, -suffix.length) : text
  })
  return likelyFirst(
    addresses,
    waysIn((host) => provenHosts.get(node)?.has(host) === true),
  )
}

function baseOptions(
  privateKey: PrivateKey,
  limits: NetworkLimits,
  given: Pick<TransportGuards, 'listenErrors' | 'gate' | 'proven'>,
): Libp2pOptions {
  const turns = new HandshakeTurns(limits)
  const impostors: Impostors = new WeakMap()
  const guards = { ...given, limits, impostors, turns, dials: [] }
  // For a connection that is still HTTP: the whole of its one request within the upgrade's time.
  const http = {
    headersTimeout: limits.upgradeTimeoutMs,
    requestTimeout: limits.upgradeTimeoutMs,
    connectionsCheckingInterval: 1_000,
  }
  const maxConnections = limits.maxConnections + limits.maxPendingConnections
  return {
    privateKey: rememberSignature(privateKey),
    logger: quietLogger,
    transports: [
      guardedTransport(tcp({ maxConnections, backlog: 1_024 }), guards, TCP_PATCHES),
      guardedTransport(webSockets({ http }), guards, WEB_SOCKET_PATCHES),
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

function isLoopbackOnly(listen: readonly string[]): boolean {
  return listen.every((address) => classifyAddress(address) === 'loopback')
}
