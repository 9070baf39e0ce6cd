import { type PostgresAddress, serverName } from '../../../protocol/database/postgres-url.ts'

/** The schema of a store whose URL names none. */
const USUAL_SCHEMA = 'taleus'

/** Where a store is on a server. */
export interface StorePlace {
  /** `HOST:PORT/DATABASE`. */
  readonly server: string
  readonly schema: string
  /** Server and schema, to people. */
  readonly name: string
}

export function storePlace(address: PostgresAddress): StorePlace {
  const schema = address.schema ?? USUAL_SCHEMA
  const server = serverName(address)
  return { server, schema, name: `${server}, schema ${schema}` }
}
