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
import { firstWord } from '../guard/first-word.ts'
import type { HandshakeTurns } from '../guard/handshake-turns.ts'
import { patientDeadline } from '../guard/patient-deadline.ts'
import type { Impostors } from '../guard/peer-check.ts'
import { strictLengthWithin } from '../guard/strict-length.ts'
import { corkWrites } from './cork-writes.ts'
import { mendWebSocket } from './web-socket-guard.ts'

/** What the upgraders of one node share. */
export interface UpgradeGuards {
  readonly limits: NetworkLimits
  readonly impostors: Impostors
  readonly turns: HandshakeTurns
  /** Asked about whoever connects. */
  readonly gate?: ConnectionGate
}

/** libp2p's upgrader with strict lengths in the negotiation, and nothing left open on failure. */
export class GuardedUpgrader implements Upgrader {
  readonly #inner: Upgrader
  readonly #limits: NetworkLimits
  readonly #impostors: Impostors
  readonly #turns: HandshakeTurns
  readonly #gate: ConnectionGate | undefined
  #isTaken = false
  #isCutOff = false

  constructor(inner: Upgrader, { limits, impostors, turns, gate }: UpgradeGuards) {
    this.#inner = inner
    this.#limits = limits
    this.#impostors = impostors
    this.#turns = turns
    this.#gate = gate
  }

  /** Of a dial: somebody took the connection. */
  get isTaken(): boolean {
    return this.#isTaken
  }

  /** Of a dial: somebody took the connection, and ended it before it was a secured one. */
  get isCutOff(): boolean {
    return this.#isCutOff
  }

  async upgradeInbound(connection: MultiaddrConnection, options: UpgraderOptions): Promise<void> {
    mendWebSocket(connection)
    corkWrites(connection)
    try {
      const over = await this.#turn(connection)
      try {
        await this.#upgradeInTime(connection, options)
      } finally {
        over()
      }
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
    mendWebSocket(connection)
    corkWrites(connection)
    this.#isTaken = true
    try {
      return await this.#inner.upgradeOutbound(connection, this.#strict(options))
    } catch (error) {
      // A dial that took too long is none: it was this side that gave up.
      const { status } = connection
      this.#isCutOff = (status === 'reset' || status === 'aborted') && !options.signal.aborted
      connection.abort(toError(error))
      if (!this.#impostors.has(connection)) throw error
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

  async #upgradeInTime(connection: MultiaddrConnection, options: UpgraderOptions): Promise<void> {
    const clear = patientDeadline(this.#limits.upgradeTimeoutMs, () =>
      connection.abort(new Error('no connection in time')),
    )
    try {
      await this.#inner.upgradeInbound(connection, this.#strict(options))
    } finally {
      clear()
    }
  }

  async #turn(connection: MultiaddrConnection): Promise<() => void> {
    if (this.#gate?.deniesHost(connection) === true) throw new Error('too many of this host')
    const restore = this.#holdLittle(connection)
    const word = firstWord(connection, this.#limits.upgradeTimeoutMs)
    if (!(await this.#turns.hear(word))) throw new Error('too many who say nothing')
    const over = await this.#turns.take()
    restore()
    if (over === undefined) throw new Error('too many handshakes')
    if (connection.status === 'open') return over
    over()
    throw new Error('the peer left before its turn')
  }

  /**
   * What comes while it waits is kept, as much as anybody has to say at first: were it not read, nobody would notice
   * that the peer has left.
   */
  #holdLittle(connection: MultiaddrConnection): () => void {
    const before: unknown = Reflect.get(connection, 'maxReadBufferLength')
    if (typeof before !== 'number') return () => undefined
    Reflect.set(connection, 'maxReadBufferLength', this.#limits.maxUnnegotiatedBytes)
    return () => void Reflect.set(connection, 'maxReadBufferLength', before)
  }

  /** The upgrader hands its options down to the reader of the negotiation, which takes these. */
  #strict<Options extends UpgraderOptions>(options: Options): Options {
    return {
      ...options,
      lengthDecoder: strictLengthWithin(this.#limits.maxUnnegotiatedBytes),
      maxBufferSize: this.#limits.maxUnnegotiatedBytes,
    }
  }
}
