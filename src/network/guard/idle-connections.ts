import type { Connection, Startable, Stream } from '@libp2p/interface'
import { isKeptConnection } from './kept-connections.ts'

/** The protocol of the streams that the connection monitor opens, on both sides. */
const PING_PROTOCOL = '/ipfs/ping/1.0.0'

/** libp2p's connection manager, as much of it as is needed here. */
interface Connections {
  getConnections(): Connection[]
}

/**
 * Closes connections that nobody uses. Peers answer signs of life for ever, and at the limit of connections nobody
 * is evicted: their places must become free for others.
 */
export class IdleConnections implements Startable {
  readonly #connections: Connections
  readonly #idleMs: number
  #timer: NodeJS.Timeout | undefined
  /** Connections that were unused at the last look. */
  #unused = new Set<Connection>()

  /** @param idleMs milliseconds that a connection may be unused, at least; at most twice as long */
  constructor(connections: Connections, idleMs: number) {
    this.#connections = connections
    this.#idleMs = idleMs
  }

  start(): void {
    this.#timer = setInterval(() => this.#sweep(), this.#idleMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#unused.clear()
  }

  #sweep(): void {
    const unused = new Set<Connection>()
    for (const connection of this.#connections.getConnections()) {
      if (isKeptConnection(connection) || connection.streams.some(isUse)) continue
      if (this.#unused.has(connection)) close(connection)
      else unused.add(connection)
    }
    this.#unused = unused
  }
}

/** Tells a use from a ping. Our own ping that is still being negotiated has no protocol yet. */
function isUse({ protocol, direction }: Stream): boolean {
  return protocol === '' ? direction === 'inbound' : protocol !== PING_PROTOCOL
}

function close(connection: Connection): void {
  connection.close().catch(() => connection.abort(new Error('unused')))
}
