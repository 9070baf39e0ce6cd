import type { DatabaseConnection } from '../protocol/message/messages.ts'
import { automergeUrlOf } from './document-id.ts'

const ENGINE = 'automerge'

/** No credential: who may sync is decided by the peer id that the connection authenticated. */
const CREDENTIALS_REF = 'peer-id'

/** The connection of a tally's default database. Same tally, same answer, on both sides. */
export function automergeDatabase(tallyId: string): DatabaseConnection {
  return {
    engine: ENGINE,
    endpoint: automergeUrlOf(tallyId),
    credentialsRef: CREDENTIALS_REF,
  }
}

/** Is this the default database of just this tally? */
export function isOurs(connection: DatabaseConnection, tallyId: string): boolean {
  const expected = automergeDatabase(tallyId)
  return (
    connection.engine === expected.engine &&
    connection.endpoint === expected.endpoint &&
    connection.credentialsRef === expected.credentialsRef
  )
}
