import type { Connection, Startable, Stream } from '@libp2p/interface'

/** Opened by the connection monitor, on both sides. */
const PING_PROTOCOL = '/ipfs/ping/1.0.0'

/** As much as is needed here of libp2p's connection manager. */
interface Connections {
  getConnections(): Connection[]
}

/**
 * Closes connections that nobody uses. Peers answer signs of life for ever, and at the limit nobody
 * is evicted: without this, a few thousand peers that do nothing lock everybody out.
 */
export class IdleConnections implements Startable {
  readonly #connections: Connections
  readonly #idleMs: number
  #timer: NodeJS.Timeout | undefined
  /** Unused when last looked at. */
  #unused = new Set<Connection>()

  /** @param idleMs how long a connection may be unused, at least; at most twice as long */
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
      if (connection.streams.some(isUse)) continue
      if (this.#unused.has(connection)) close(connection)
      else unused.add(connection)
    }
    this.#unused = unused
  }
}

/** Our own ping that is still being negotiated has no protocol yet. */
function isUse({ protocol, direction }: Stream): boolean {
  return protocol === '' ? direction === 'inbound' : protocol !== PING_PROTOCOL
}

function close(connection: Connection): void {
  connection.close().catch(() => connection.abort(new Error('unused')))
}
