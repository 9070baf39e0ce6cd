import { type PostgresAddress, parsePostgresUrl } from '../../protocol/database/postgres-url.ts'
import { PostgresUrlError } from '../../protocol/errors.ts'
import type { BuiltDatabase, DatabaseConnection } from '../../protocol/message/messages.ts'
import { DatabaseSetupError } from '../../store/postgres/connection/errors.ts'
import type { HookContext, HookRefusal } from '../session-hooks.ts'
import type { CredentialKeeper } from './credential-keeper.ts'
import { asParty } from './party-connection.ts'
import { tallyNames } from './tally-names.ts'
import { refusal, verifySchema } from './verify-schema.ts'

/**
 * Opens the database that a partner says it built, with the credential that came with it: reads the draft, compares it, and
 * leaves a proof. The credential is kept before this says yes.
 * @throws DatabaseUnreachableError if that could not be found out now; StoreError; the signal's reason
 */
export async function verifyPostgres(
  { tally: { tallyId }, database, draft }: BuiltDatabase,
  { signal }: Pick<HookContext, 'signal'>,
  credentials: Pick<CredentialKeeper, 'keep'>,
): Promise<true | HookRefusal> {
  const address = namedFor(database, tallyId)
  const { credentialsRef: user, secret: password } = database
  if (address === undefined || password === undefined)
    return refusal('that is not how the database of this tally is named')
  try {
    const { schema } = tallyNames(tallyId)
    const answer = await asParty({ address, user, password }, signal, (ask) =>
      verifySchema(ask, schema, draft.sha256),
    )
    if (answer === true)
      await credentials.keep(tallyId, { endpoint: database.endpoint, user, password })
    return answer
  } catch (error) {
    if (error instanceof DatabaseSetupError) return refusal(error.message)
    throw error
  }
}

/** Reads the address of a tally's database. Names, and what it may say, follow from the tally's id. */
function namedFor(
  { endpoint, credentialsRef }: DatabaseConnection,
  tallyId: string,
): PostgresAddress | undefined {
  const { schema, foil } = tallyNames(tallyId)
  const address = addressIn(endpoint)
  if (address === undefined || address.schema !== schema || credentialsRef !== foil)
    return undefined
  const { host, user, files } = address
  // A partner names no file, and no socket, of this computer.
  const isPlain = user === undefined && Object.keys(files).length === 0 && !host.startsWith('/')
  return isPlain ? address : undefined
}

function addressIn(endpoint: string): PostgresAddress | undefined {
  try {
    return parsePostgresUrl(endpoint)
  } catch (error) {
    if (error instanceof PostgresUrlError) return undefined
    throw error
  }
}
