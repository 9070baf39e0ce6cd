import type {
  ClearableSignal,
  Connection,
  ConnectionEncrypter,
  MultiaddrConnection,
  StreamMuxerFactory,
  Upgrader,
  UpgraderOptions,
} from '@libp2p/interface'
import { WrongPeerError } from '../../session/errors.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { toError } from '../base/to-error.ts'
import type { ConnectionGate } from '../guard/connection-gate.ts'
import type { HandshakeTurns } from '../guard/handshake-turns.ts'
import { patientDeadline } from '../guard/patient-deadline.ts'
import type { ProvenHosts } from '../guard/proven-hosts.ts'
import { changed, loudly } from './packages.ts'
import type { Impostors } from './peer-check.ts'
import { strictNegotiation } from './strict-negotiation.ts'
import type { TransportPatches } from './transport-patches.ts'

/** The guards that the upgraders of one node share. */
export interface UpgradeGuards {
  readonly limits: NetworkLimits
  readonly impostors: Impostors
  readonly turns: HandshakeTurns
  /** Decides about inbound connections. @default all are let in */
  readonly gate?: ConnectionGate
  /** Told of each peer that came in. @default nobody */
  readonly proven?: ProvenHosts
}

/**
 * libp2p's upgrader with strict lengths in the negotiation, and nothing left open on failure.
 *
 * Written for libp2p 3.3.11: stands in the place of its upgrader, hands options down through it (see
 * `strictNegotiation`), and counts on it to hand the connection itself to the encrypter (see `peerCheckingNoise`).
 */
export class GuardedUpgrader implements Upgrader {
  readonly #inner: Upgrader
  readonly #patches: TransportPatches
  readonly #limits: NetworkLimits
  readonly #impostors: Impostors
  readonly #turns: HandshakeTurns
  readonly #gate: ConnectionGate | undefined
  readonly #proven: ProvenHosts | undefined
  #isTaken = false
  #isCutOff = false

  constructor(inner: Upgrader, guards: UpgradeGuards, patches: TransportPatches) {
    const { limits, impostors, turns, gate, proven } = guards
    this.#inner = inner
    this.#patches = patches
    this.#limits = limits
    this.#impostors = impostors
    this.#turns = turns
    this.#gate = gate
    this.#proven = proven
  }

  /** Whether somebody took the connection of this dial. */
  get isTaken(): boolean {
    return this.#isTaken
  }

  /** Whether somebody took the connection of this dial, and ended it before it was a secured one. */
  get isCutOff(): boolean {
    return this.#isCutOff
  }

  async upgradeInbound(connection: MultiaddrConnection, options: UpgraderOptions): Promise<void> {
    try {
      await loudly(async () => await this.#upgradeInTurn(connection, options))
    } catch (error) {
      connection.abort(toError(error))
      throw error
    }
  }

  /** @throws WrongPeerError if somebody answered who is not the pinned peer */
  async upgradeOutbound(
    connection: MultiaddrConnection,
    options: UpgraderOptions,
  ): Promise<Connection> {
    this.#isTaken = true
    try {
      this.#patches.mend(connection)
      return await this.#strictly(options, async (strict) => {
        const upgraded = await this.#inner.upgradeOutbound(connection, strict)
        if (this.#impostors.has(connection)) return upgraded
        throw changed('libp2p', 'the same connection at upgradeOutbound and secureOutbound')
      })
    } catch (error) {
      // A dial that took too long is none: it was this side that gave up.
      const { status } = connection
      this.#isCutOff = (status === 'reset' || status === 'aborted') && !options.signal.aborted
      connection.abort(toError(error))
      if (this.#impostors.get(connection) !== true) throw error
      throw new WrongPeerError('somebody answered who is not the peer in the link', {
        cause: error,
      })
    }
  }

  createInboundAbortSignal(signal: AbortSignal): ClearableSignal {
    return this.#inner.createInboundAbortSignal(signal)
  }

  getStreamMuxers(): Map<string, StreamMuxerFactory> {
    return this.#inner.getStreamMuxers()
  }

  getConnectionEncrypters(): Map<string, ConnectionEncrypter> {
    return this.#inner.getConnectionEncrypters()
  }

  async #upgradeInTurn(connection: MultiaddrConnection, options: UpgraderOptions): Promise<void> {
    this.#patches.mend(connection)
    const { local, remote } = this.#patches.hosts(connection)
    const over = await this.#turn(connection)
    try {
      await this.#upgradeInTime(connection, options)
      this.#proven?.met(local, remote)
    } finally {
      over()
    }
  }

  async #upgradeInTime(connection: MultiaddrConnection, options: UpgraderOptions): Promise<void> {
    const clear = patientDeadline(this.#limits.upgradeTimeoutMs, () =>
      connection.abort(new Error('no connection in time')),
    )
    try {
      await this.#strictly(options, async (strict) => {
        await this.#inner.upgradeInbound(connection, strict)
      })
    } finally {
      clear()
    }
  }

  async #turn(connection: MultiaddrConnection): Promise<() => void> {
    if (this.#gate?.deniesHost(connection) === true) throw new Error('too many of this host')
    const restore = this.#holdLittle(connection)
    const word = this.#patches.firstWord(connection, this.#limits.upgradeTimeoutMs)
    if (!(await this.#turns.hear(word))) throw new Error('too many who say nothing')
    const over = await this.#turns.take()
    restore()
    if (over === undefined) throw new Error('too many handshakes')
    if (connection.status === 'open') return over
    over()
    throw new Error('the peer left before its turn')
  }

  /**
   * Keeps what comes while the connection waits, as much as anybody has to say at first: were it not read, nobody would
   * notice that the peer has left.
   * @returns puts the bound back that was there before
   */
  #holdLittle(connection: MultiaddrConnection): () => void {
    const { maxReadBufferLength } = connection
    connection.maxReadBufferLength = this.#limits.maxUnnegotiatedBytes
    return () => {
      connection.maxReadBufferLength = maxReadBufferLength
    }
  }

  async #strictly<T>(
    options: UpgraderOptions,
    upgrade: (strict: UpgraderOptions) => Promise<T>,
  ): Promise<T> {
    const negotiation = strictNegotiation(this.#limits.maxUnnegotiatedBytes)
    const upgraded = await upgrade({ ...options, ...negotiation.options })
    negotiation.assertRead()
    return upgraded
  }
}
