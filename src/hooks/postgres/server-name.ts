import type { PostgresAddress } from '../../protocol/database/postgres-url.ts'

/** Names a server to people: `HOST:PORT/DATABASE`. */
export function serverName({ host, port, database }: PostgresAddress): string {
  return `${host}:${port}/${database}`
}
