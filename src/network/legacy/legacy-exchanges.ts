import type { Connection } from '@libp2p/interface'
import {
  type LegacyInviteeMessage,
  parseLegacyInvitee,
} from '../../protocol/legacy/legacy-messages.ts'
import type { Transport } from '../../session/ports/transport.ts'
import type { StreamTransport } from '../stream/stream-transport.ts'
import { type ExchangesOfConnection, LegacyExchange } from './legacy-exchange.ts'
import { LegacyStream } from './legacy-stream.ts'

/**
 * Streams of one connection at once of which it is not known yet whether they bring a result or begin an exchange. Only
 * while one waits for a result; a peer needs one.
 */
const MAX_UNDECIDED_STREAMS = 4

/**
 * The streams of one connection that speak the older protocol. A result does not say what it is a result of: it belongs to
 * the one exchange of its connection that waits for one, and to none if there are two.
 */
class ConnectionExchanges implements ExchangesOfConnection {
  readonly #connection: Connection
  readonly #accept: (transport: Transport) => void
  readonly #waiting = new Set<LegacyExchange>()
  readonly #undecided = new Set<LegacyStream>()
  readonly #onClose = (): void => {
    for (const exchange of [...this.#waiting]) exchange.lost()
  }

  constructor(connection: Connection, accept: (transport: Transport) => void) {
    this.#connection = connection
    this.#accept = accept
  }

  take(transport: StreamTransport): void {
    const stream = new LegacyStream(transport)
    if (this.#waiting.size === 0) return this.#begin(stream)
    if (this.#undecided.size >= MAX_UNDECIDED_STREAMS) return transport.reset()
    this.#undecided.add(stream)
    stream.attach({
      frame: (message) => this.#decide(stream, message),
      problem: () => this.#drop(stream),
      ended: () => this.#drop(stream),
      closed: () => void this.#undecided.delete(stream),
    })
  }

  awaitResult(exchange: LegacyExchange): void {
    if (this.#waiting.size === 0) this.#connection.addEventListener('close', this.#onClose)
    this.#waiting.add(exchange)
    if (this.#connection.status !== 'open') exchange.lost()
  }

  leave(exchange: LegacyExchange): void {
    if (!this.#waiting.delete(exchange) || this.#waiting.size > 0) return
    this.#connection.removeEventListener('close', this.#onClose)
    // Nobody waits with them any more: from now on they are judged like any stream that comes.
    const rest = [...this.#undecided]
    this.#undecided.clear()
    for (const stream of rest) this.#begin(stream)
  }

  #begin(stream: LegacyStream): void {
    try {
      this.#accept(new LegacyExchange(stream, this))
    } catch {
      stream.transport.reset()
    }
  }

  #decide(stream: LegacyStream, bytes: Uint8Array): void {
    if (!this.#undecided.delete(stream)) return
    const message = messageIn(bytes)
    if (message?.kind !== 'database') return this.#begin(stream)
    const [exchange, ...others] = this.#waiting
    if (exchange === undefined || others.length > 0) stream.transport.reset()
    else exchange.takeResult(stream, message.database)
  }

  #drop(stream: LegacyStream): void {
    if (this.#undecided.delete(stream)) stream.transport.reset()
  }
}

function messageIn(bytes: Uint8Array): LegacyInviteeMessage | undefined {
  try {
    return parseLegacyInvitee(bytes)
  } catch {
    return undefined
  }
}

/** All exchanges of a node with older peers. */
export class LegacyExchanges {
  readonly #accept: (transport: Transport) => void
  readonly #ofConnection = new WeakMap<Connection, ConnectionExchanges>()

  /** @param accept takes the transport of each exchange that begins */
  constructor(accept: (transport: Transport) => void) {
    this.#accept = accept
  }

  /** Takes a stream that has come in. */
  take(transport: StreamTransport, connection: Connection): void {
    let exchanges = this.#ofConnection.get(connection)
    if (exchanges === undefined) {
      exchanges = new ConnectionExchanges(connection, this.#accept)
      this.#ofConnection.set(connection, exchanges)
    }
    exchanges.take(transport)
  }
}
