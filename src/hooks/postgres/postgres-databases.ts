import { compact } from '../../protocol/base/compact.ts'
import type { Role } from '../../protocol/base/role.ts'
import { formatPostgresUrl, type PostgresAddress } from '../../protocol/database/postgres-url.ts'
import { sslModeOf } from '../../store/postgres/connection/tls-options.ts'
import type {
  DatabaseHook,
  DatabaseResult,
  HookContext,
  ProvisionContext,
} from '../session-hooks.ts'
import { AdminDatabase } from './admin-database.ts'
import { closeToPublic } from './closed-to-public.ts'
import type { BuiltCredentials, CredentialKeeper } from './credential-keeper.ts'
import { dropSchema } from './drop-schema.ts'
import { provisionSchema } from './provision-schema.ts'
import { scramVerifier } from './scram-verifier.ts'
import { POSTGRES, tallyNames } from './tally-names.ts'

export interface PostgresDatabasesInit {
  /** The administrator's address, without a password. */
  readonly address: PostgresAddress
  /** Finds the administrator's password; undefined if there is none. @throws what is shown to people */
  readonly password: () => string | undefined
  /** How partners reach the same database. @default the same address */
  readonly announced?: PostgresAddress | undefined
  readonly credentials: CredentialKeeper
}

/**
 * Tallies in a PostgreSQL: a schema for each, and a role for each party that may read the draft in it, and read and add
 * entries, and nothing else. Building, finding and removing are one transaction each.
 */
export class PostgresDatabases implements Required<Omit<DatabaseHook, 'leavesNoTrace' | 'verify'>> {
  readonly #admin: AdminDatabase
  readonly #announced: PostgresAddress
  readonly #credentials: CredentialKeeper
  #isClosedToPublic = false

  constructor({ address, password, announced = address, credentials }: PostgresDatabasesInit) {
    this.#admin = new AdminDatabase({ address, password })
    this.#announced = announced
    this.#credentials = credentials
  }

  /**
   * @throws DatabaseUnreachableError, DatabaseSetupError, TallyDatabaseTakenError, StoreError; the signal's reason
   */
  async provision(
    createdBy: Role,
    initiatorPeerId: string,
    respondentPeerId: string,
    _sessionId: string,
    { tallyId, draftFor, fence = 0, signal }: ProvisionContext,
  ): Promise<DatabaseResult> {
    signal.throwIfAborted()
    const names = tallyNames(tallyId)
    // The passwords are kept before they count anywhere: whoever comes after a crash gives the same ones.
    const kept = await this.#credentials.forBuilding(tallyId, this.#server(tallyId))
    const [stock, foil] = await Promise.all(
      [kept.password, kept.partnerPassword].map(scramVerifier),
    )
    if (stock === undefined || foil === undefined)
      throw new TypeError('two passwords, two verifiers')
    const parties =
      createdBy === 'stock'
        ? { stock: initiatorPeerId, foil: respondentPeerId }
        : { stock: respondentPeerId, foil: initiatorPeerId }
    const draft = draftFor(tallyId)
    const order = { tallyId, names, createdBy, parties, draft, fence, verifiers: { stock, foil } }
    await this.#admin.transact(signal, async (ask) => {
      if (!this.#isClosedToPublic) await closeToPublic(ask, this.#admin.name)
      await provisionSchema(ask, order)
    })
    this.#isClosedToPublic = true
    return resultOf(tallyId, createdBy, kept)
  }

  /** @throws DatabaseUnreachableError, DatabaseSetupError, StoreError; the signal's reason */
  async deprovision(tallyId: string, { signal }: HookContext): Promise<void> {
    await this.#admin.transact(signal, (ask) => dropSchema(ask, tallyNames(tallyId)))
    await this.#credentials.noteRemoved(tallyId)
  }

  /** @throws DatabaseUnreachableError, DatabaseSetupError, StoreError; the signal's reason */
  async status(tallyId: string, { signal }: HookContext): Promise<DatabaseResult | undefined> {
    const { schema } = tallyNames(tallyId)
    const built = await this.#admin.transact(signal, async (ask) => {
      const [found] = await ask('SELECT to_regclass($1) IS NOT NULL AS there', [`${schema}.draft`])
      if (found?.['there'] !== true) return undefined
      const [row] = await ask(`SELECT created_by FROM "${schema}".draft LIMIT 1`)
      return row?.['created_by'] === 'foil' ? 'foil' : 'stock'
    })
    const kept = await this.#credentials.find(tallyId)
    if (built === undefined || kept === undefined) return undefined
    return resultOf(tallyId, built, kept)
  }

  /** Gives the connections back. */
  async close(): Promise<void> {
    await this.#admin.close()
  }

  #server(tallyId: string): { readonly server: string; readonly endpoint: string } {
    const { schema } = tallyNames(tallyId)
    const { host, port, database } = this.#announced
    const sslMode = sslModeOf(this.#announced)
    const endpoint = formatPostgresUrl({ host, port, database, sslMode, files: {}, schema })
    return { server: formatPostgresUrl(this.#admin.address), endpoint }
  }
}

function resultOf(
  tallyId: string,
  createdBy: Role,
  { endpoint, partnerPassword }: BuiltCredentials,
): DatabaseResult {
  const { foil } = tallyNames(tallyId)
  const connection = { engine: POSTGRES, endpoint, credentialsRef: foil, secret: partnerPassword }
  return compact({ tally: { tallyId, createdBy }, dbConnectionInfo: connection })
}
