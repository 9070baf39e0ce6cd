import type { Connection } from '@libp2p/interface'

/** Connections that stay although nothing is carried, because somebody waits at their other end. */
const kept = new WeakSet<Connection>()

/** Makes `IdleConnections` leave a connection open, until `releaseConnection`. */
export function keepConnection(connection: Connection): void {
  kept.add(connection)
}

export function releaseConnection(connection: Connection): void {
  kept.delete(connection)
}

export function isKeptConnection(connection: Connection): boolean {
  return kept.has(connection)
}
