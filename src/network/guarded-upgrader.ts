import type {
  ClearableSignal,
  Connection,
  ConnectionEncrypter,
  MultiaddrConnection,
  StreamMuxerFactory,
  Upgrader,
  UpgraderOptions,
} from '@libp2p/interface'
import { WrongPeerError } from '../session/errors/transport-errors.ts'
import { corkWrites } from './cork-writes.ts'
import type { NetworkLimits } from './limits.ts'
import type { Impostors } from './peer-check.ts'
import { strictLengthWithin } from './strict-length.ts'
import { toError } from './to-error.ts'
import { mendWebSocket } from './web-socket-guard.ts'

/** libp2p's upgrader with strict lengths in the negotiation, and nothing left open on failure. */
export class GuardedUpgrader implements Upgrader {
  readonly #inner: Upgrader
  readonly #limits: NetworkLimits
  readonly #impostors: Impostors

  constructor(inner: Upgrader, limits: NetworkLimits, impostors: Impostors) {
    this.#inner = inner
    this.#limits = limits
    this.#impostors = impostors
  }

  async upgradeInbound(connection: MultiaddrConnection, options: UpgraderOptions): Promise<void> {
    mendWebSocket(connection)
    corkWrites(connection)
    try {
      await this.#inner.upgradeInbound(connection, this.#strict(options))
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
    try {
      return await this.#inner.upgradeOutbound(connection, this.#strict(options))
    } catch (error) {
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

  /** The upgrader hands its options down to the reader of the negotiation, which takes these. */
  #strict<Options extends UpgraderOptions>(options: Options): Options {
    return {
      ...options,
      lengthDecoder: strictLengthWithin(this.#limits.maxUnnegotiatedBytes),
      maxBufferSize: this.#limits.maxUnnegotiatedBytes,
    }
  }
}
