import type { PartyStore } from '../../store/query/party-store.ts'
import type { CredentialKeeper } from '../postgres/credential-keeper.ts'
import { requiredFields } from '../required-fields.ts'
import type { SessionHooks } from '../session-hooks.ts'
import { ChosenDatabases, type DatabaseChoice } from './chosen-databases.ts'
import { EventFile } from './event-file.ts'
import { StoredCredentials } from './stored-credentials.ts'
import { StoredDatabases } from './stored-databases.ts'
import { StoredTokens } from './stored-tokens.ts'

/** The places where the file hooks keep things. */
export interface FileHooksInit {
  readonly store: PartyStore
  /** A file that gets one JSON line per committed transition, for `tail -f` and for replaying. */
  readonly eventFile: string
  /** Milliseconds since the epoch. @default the computer's clock */
  readonly now?: () => number
  /** @default the default database; those of partners on servers are taken */
  readonly database?: DatabaseChoice
}

/** Nothing was chosen. */
const USUAL: DatabaseChoice = { environment: {}, takesServers: true }

/** The default hooks: tokens, drafts and documents in the store, identity by required fields. */
export interface FileHooks extends SessionHooks {
  readonly audit: EventFile
  readonly database: ChosenDatabases
  readonly credentials: CredentialKeeper
}

export function createFileHooks({
  store,
  eventFile,
  now = Date.now,
  database = USUAL,
}: FileHooksInit): FileHooks {
  const credentials = new StoredCredentials(store, now)
  return {
    token: new StoredTokens(store, now),
    identity: requiredFields,
    database: new ChosenDatabases(database, new StoredDatabases(store), credentials),
    audit: new EventFile(eventFile),
    credentials,
  }
}
