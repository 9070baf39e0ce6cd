import type { DatabaseConnection } from '../protocol/message/messages.ts'
import { automergeUrlOf } from './document-id.ts'

const ENGINE = 'automerge'

/** No credential: the peer id that the connection authenticated decides who may sync. */
const CREDENTIALS_REF = 'peer-id'

/** Returns the connection of a tally's default database. Same tally, same answer, on both sides. */
export function automergeDatabase(tallyId: string): DatabaseConnection {
  return {
    engine: ENGINE,
    endpoint: automergeUrlOf(tallyId),
    credentialsRef: CREDENTIALS_REF,
  }
}

/** Returns true for the default database of this very tally. */
export function isOurs(connection: DatabaseConnection, tallyId: string): boolean {
  const expected = automergeDatabase(tallyId)
  return (
    connection.engine === expected.engine &&
    connection.endpoint === expected.endpoint &&
    connection.credentialsRef === expected.credentialsRef
  )
}
