import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Multiaddr } from '@multiformats/multiaddr'
import { multiaddr } from '@multiformats/multiaddr'
import type { NodeCertificate } from '../../protocol/node/node-certificate.ts'
import {
  PeerUnreachableError,
  ProtocolUnsupportedError,
  TransportClosedError,
  WrongPeerError,
} from '../../session/errors.ts'
import type { Dialer } from '../../session/ports/dialer.ts'
import { type AddressNews, AddressRace, type AskNode } from '../base/address-race.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { networkLimits } from '../base/limits.ts'
import { partyOf } from '../base/party-of.ts'
import { toError } from '../base/to-error.ts'
import type { NetworkNode } from '../node/node.ts'
import { createTransport, type StreamTransport } from '../stream/stream-transport.ts'
import { BOOTSTRAP, type WireProtocol } from '../stream/wire-protocol.ts'
import {
  attemptOf,
  dialFailure,
  isTurnedAway,
  problemInWords,
  withoutPeer,
} from './dial-failure.ts'
import { dialNodes, partyAddresses } from './dial-nodes.ts'
import { openStream } from './open-stream.ts'

/** The first attempt may meet a dead connection, the second another one; the third makes one by force. */
const ATTEMPTS = 3

/** With pauses of half a second, one and two, a listener has some seconds to get through a crowd. */
const TRIES_WHILE_BUSY = 4

/** Names of libp2p's errors for a stream whose connection or other side went away. */
const LOST = new Set([
  'ConnectionClosedError',
  'MuxerClosedError',
  'StreamResetError',
  'StreamClosedError',
  'StreamStateError',
  'StreamAbortedError',
  'UnexpectedEOFError',
  'AbortError',
  'TimeoutError',
])

/**
 * Makes what opens streams. Streams to one peer share one connection, and concurrent calls share
 * one dial.
 * @param protocol of the streams. @default the bootstrap's
 */
export function createDialer(
  node: NetworkNode,
  overrides: Partial<NetworkLimits> = {},
  hear: HearDial = () => undefined,
  protocol: WireProtocol = BOOTSTRAP,
): StreamDialer {
  return new NodeDialer(node, networkLimits(overrides), hear, protocol)
}

/** Opens streams one by one. */
export interface StreamDialer extends Dialer {
  dial(peer: string, addresses: readonly string[], signal: AbortSignal): Promise<StreamTransport>
  /**
   * Opens another stream on the very connection of one that it has opened.
   * @throws TransportClosedError if that is gone; else as `dial`
   */
  again(stream: StreamTransport): Promise<StreamTransport>
}

/** News of one address: it is being tried, has failed, or the peer was met. A host's own node tells only the last. */
export interface DialNews {
  /** The multiaddr, without peer ids. */
  readonly address: string
  /** Why nobody was met there, in words. Absent: it is being tried. */
  readonly problem?: string
  /** The peer was met there. */
  readonly isMet?: true
}

export type HearDial = (news: DialNews) => void

class NodeDialer implements StreamDialer {
  readonly localPeer: string
  readonly #node: NetworkNode
  readonly #limits: NetworkLimits
  readonly #hear: HearDial
  readonly #protocol: WireProtocol
  /** The last good connection to each peer, so that a further stream costs no look-up by address. */
  readonly #connections = new Map<string, Connection>()

  constructor(node: NetworkNode, limits: NetworkLimits, hear: HearDial, protocol: WireProtocol) {
    this.localPeer = node.peerId.toString()
    this.#node = node
    this.#limits = limits
    this.#hear = hear
    this.#protocol = protocol
  }

  async dial(
    peer: string,
    addresses: readonly string[],
    signal: AbortSignal,
  ): Promise<StreamTransport> {
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted()
      const known = attempt < ATTEMPTS ? this.#openConnection(peer) : undefined
      const connection =
        known ?? (await this.#connect(peer, addresses, signal, attempt === ATTEMPTS))
      try {
        return await this.#open(connection, signal)
      } catch (error) {
        signal.throwIfAborted()
        if (!this.#isDead(connection, error) || attempt === ATTEMPTS) {
          throw streamFailure(connection, error, this.#protocol)
        }
        // A connection whose muxer has died stays `open` and would be handed out again and again.
        this.#forget(peer, connection)
        connection.abort(toError(error))
      }
    }
  }

  async again({ connection, remotePeer }: StreamTransport): Promise<StreamTransport> {
    const isGood = connection.status === 'open' && partyOf(connection) === remotePeer
    if (!isGood) throw new TransportClosedError()
    try {
      // Its own deadline, that of a negotiation, holds.
      return await this.#open(connection, new AbortController().signal)
    } catch (error) {
      throw streamFailure(connection, error, this.#protocol)
    }
  }

  async #open(connection: Connection, signal: AbortSignal): Promise<StreamTransport> {
    const stream = await openStream(connection, this.#protocol.id, this.#limits, signal)
    return createTransport(stream, connection, this.#limits, this.#protocol.codec)
  }

  #openConnection(peer: string): Connection | undefined {
    const connection = this.#connections.get(peer)
    // A node whose certificate has lapsed meanwhile must show another one.
    const isGood = connection?.status === 'open' && partyOf(connection) === peer
    return isGood ? connection : undefined
  }

  async #connect(
    peer: string,
    addresses: readonly string[],
    signal: AbortSignal,
    force: boolean,
  ): Promise<Connection> {
    if (addresses.length === 0) throw new PeerUnreachableError([])
    for (let tries = 1; ; tries += 1) {
      try {
        const connection = await this.#dialParty(peer, addresses, signal, force)
        if (partyOf(connection) !== peer) throw new WrongPeerError('this connection is to another')
        if (this.#connections.get(peer) !== connection) this.#remember(peer, connection)
        const address = connection.remoteAddr.toString().replaceAll(/\/p2p\/[^/]+/g, '')
        this.#hear({ address, isMet: true })
        return connection
      } catch (error) {
        signal.throwIfAborted()
        const isLast = tries === TRIES_WHILE_BUSY || !isTurnedAway(error)
        if (isLast) throw dialFailure(addresses, toError(error))
      }
      await this.#pause(tries, signal)
    }
  }

  /** Dials a peer, or whichever node of its answers. */
  async #dialParty(
    peer: string,
    addresses: readonly string[],
    signal: AbortSignal,
    force: boolean,
  ): Promise<Connection> {
    const peerId = peerIdFromString(peer)
    const { any, named } = partyAddresses(peer, addresses)
    const targets = any.map((address) => pinned(address, peerId))
    const askNode: AskNode = async (address, late) => await this.#askNode(address, peer, late)
    const dialAny = async (late: AbortSignal): Promise<Connection> => {
      const { onProgress } = new AddressRace((news) => this.#hear(inWords(news)), askNode)
      return await this.#node.dial(targets, { signal: late, force, onProgress })
    }
    if (named.length === 0) return await dialAny(signal)
    return await dialNodes(named, {
      node: this.#node,
      limits: this.#limits,
      signal,
      askNode,
      dialAny: targets.length === 0 ? undefined : dialAny,
      trying: (address) => this.#hear({ address }),
    })
  }

  /** Loaded only where somebody else answers. @throws WrongPeerError */
  async #askNode(address: string, party: string, signal: AbortSignal): Promise<NodeCertificate> {
    const { askNode } = await import('./ask-node.ts')
    return await askNode(address, { party, limits: this.#limits, signal })
  }

  /** Waits for a time of chance, so that dialers who were turned away together do not come again together. */
  async #pause(tries: number, signal: AbortSignal): Promise<void> {
    const ms = this.#limits.busyPauseMs * 2 ** (tries - 1) * (0.5 + Math.random())
    await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted())
  }

  #remember(peer: string, connection: Connection): void {
    this.#connections.set(peer, connection)
    connection.addEventListener('close', () => this.#forget(peer, connection))
  }

  #forget(peer: string, connection: Connection): void {
    if (this.#connections.get(peer) === connection) this.#connections.delete(peer)
  }

  #isDead(connection: Connection, error: unknown): boolean {
    if (connection.status !== 'open') return true
    const { name } = toError(error)
    return name === 'ConnectionClosedError' || name === 'MuxerClosedError'
  }
}

function inWords({ address, error }: AddressNews): DialNews {
  return error === undefined ? { address: withoutPeer(address) } : attemptOf(error, address)
}

function pinned(address: string, peer: PeerId): Multiaddr {
  return multiaddr(address).encapsulate(`/p2p/${peer.toString()}`)
}

function streamFailure(connection: Connection, thrown: unknown, { id }: WireProtocol): Error {
  const cause = toError(thrown)
  if (cause.name === 'UnsupportedProtocolError') {
    return new ProtocolUnsupportedError(`the peer does not speak ${id}`, { cause })
  }
  if (!LOST.has(cause.name)) return cause
  const address = connection.remoteAddr.toString()
  return new PeerUnreachableError([{ address, problem: problemInWords(cause) }], { cause })
}
