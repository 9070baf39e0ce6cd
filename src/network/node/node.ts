import type { Connection, Libp2p, PrivateKey, Stream } from '@libp2p/interface'
import { createLibp2p, type Libp2pOptions } from 'libp2p'
import { likelyFirst, waysIn } from '../address/likely-first.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { networkLimits } from '../base/limits.ts'
import type { ListenError } from '../errors.ts'
import { ProvenHosts } from '../guard/proven-hosts.ts'
import { quietLogger } from '../guard/quiet-logger.ts'
import { rememberNoPeers } from '../patch/forgetful-peers.ts'
import { missingAddresses, nameListenErrors } from '../patch/listen-errors.ts'
import type { KeptPlace } from '../relay/kept-place.ts'
import type { RelayClient, RelaysInit } from '../relay/relay-client.ts'
import { ListeningAddresses } from './listening-addresses.ts'
import {
  dialingOptions,
  listeningOptions,
  type MakeRelays,
  transportGuards,
} from './node-options.ts'

// For those who may not import libp2p.
export type { Connection, Stream }
export { missingAddresses }

/** A libp2p node. */
export type NetworkNode = Libp2p

/** Of each node that listens. */
const provenHosts = new WeakMap<NetworkNode, ProvenHosts>()

/** Of each node that others reach by relays. */
const relayClients = new WeakMap<NetworkNode, RelayClient>()

/** Options of a node that only dials. */
export interface DialNodeInit {
  readonly privateKey: PrivateKey
  /** Replace single defaults. */
  readonly limits?: Partial<NetworkLimits>
  /** False: the caller starts it. @default true */
  readonly start?: boolean
  /** Offer mplex after yamux, to older peers that have nothing else. @default false */
  readonly legacy?: boolean
}

/** Options of a listening node. */
export interface NodeInit extends DialNodeInit {
  /** Multiaddrs on ip4 or ip6 with tcp, optionally ws. Port 0 takes a free one. */
  readonly listen: readonly string[]
  /** Multiaddrs to tell instead of those listened on. @default none */
  readonly announce?: readonly string[]
  /** Relays by which others reach it, too. @default none */
  readonly relays?: RelaysInit
}

/**
 * A node that listens on TCP and WebSockets, with noise and yamux and nothing else: no identify and
 * no ping service, which would open streams of their own on every connection.
 * @throws ListenAddressError if an address is not one to listen on; ListenError, also from `start()`, if
 *   listening failed; PatchedInternalsError, also from `start()`
 */
export async function createNode(init: NodeInit): Promise<NetworkNode> {
  const listenErrors: ListenError[] = []
  const proven = new ProvenHosts()
  let client: RelayClient | undefined
  const makeRelays = await relayMaker(init.relays, (made) => {
    client = made
  })
  const options = listeningOptions(init, { listenErrors, proven }, makeRelays)
  const node = await createLibp2p({
    ...(await withLegacyMuxer(options, init)),
    logger: quietLogger,
    start: false,
  })
  nameListenErrors(node, listenErrors)
  rememberNoPeers(node)
  provenHosts.set(node, proven)
  if (client !== undefined) relayClients.set(node, client)
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
  const guards = transportGuards(networkLimits(init.limits), { listenErrors: [] })
  const options = dialingOptions(init.privateKey, guards)
  const node = await createLibp2p({
    ...(await withLegacyMuxer(options, init)),
    logger: quietLogger,
    start: init.start ?? true,
    connectionMonitor: { enabled: false },
  })
  rememberNoPeers(node)
  return node
}

/** Loads the older muxer only for a node that is to have it: it comes last, for who has no other. */
async function withLegacyMuxer(
  options: Libp2pOptions,
  { legacy = false, limits }: DialNodeInit,
): Promise<Libp2pOptions> {
  if (!legacy) return options
  const { guardedMplex } = await import('../patch/mplex/guarded-mplex.ts')
  const { streamMuxers = [] } = options
  return { ...options, streamMuxers: [...streamMuxers, guardedMplex(networkLimits(limits))] }
}

/** Loads what keeps places at relays only for a node that has any. */
async function relayMaker(
  init: RelaysInit | undefined,
  made: (client: RelayClient) => void,
): Promise<MakeRelays | undefined> {
  if (init === undefined || init.relays.length === 0) return undefined
  const { RelayClient } = await import('../relay/relay-client.ts')
  return (components, guards) => {
    const client = new RelayClient(components, guards, init)
    made(client)
    return client
  }
}

/** The relays by which others reach a node, and what has become of its place at each. */
export function nodeRelays(node: NetworkNode): readonly KeptPlace[] {
  return relayClients.get(node)?.places ?? []
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

/** The multiaddrs that a started node listens on, whichever it tells others; no peer id. */
export function listenedAddresses(node: NetworkNode): readonly string[] {
  const { listening }: Readonly<Record<string, unknown>> = node.services
  return listening instanceof ListeningAddresses ? listening.own : []
}
