import type { Role } from '../../protocol/base/role.ts'
import { parsePostgresUrl } from '../../protocol/database/postgres-url.ts'
import type { BuiltDatabase } from '../../protocol/message/messages.ts'
import { type CredentialKeeper, OWN_HOOKS } from '../postgres/credential-keeper.ts'
import type { PostgresDatabases } from '../postgres/postgres-databases.ts'
import { POSTGRES } from '../postgres/tally-names.ts'
import type {
  DatabaseHook,
  DatabaseResult,
  HookContext,
  HookRefusal,
  ProvisionContext,
} from '../session-hooks.ts'
import { OwnHooksMissingError } from './errors.ts'
import type { StoredDatabases } from './stored-databases.ts'

/** The server that this side builds on, and what it takes of what partners build. */
export interface DatabaseChoice {
  /** The administrator's address, without a password. @default none: the default database */
  readonly server?: string | undefined
  /** How partners reach it. @default the same */
  readonly announced?: string | undefined
  /** A file that holds the administrator's password. */
  readonly passwordFile?: string | undefined
  /** Where else the password is looked up, as libpq does. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** False: databases that a partner has built on a server are refused. */
  readonly takesServers: boolean
}

/**
 * The databases of a node: the default one, or on a server, as its owner has chosen. What was begun on a server is
 * finished, and removed, there, whatever was chosen since. Loads what speaks to a server when one is needed.
 */
export class ChosenDatabases implements DatabaseHook {
  readonly #choice: DatabaseChoice
  readonly #usual: StoredDatabases
  readonly #credentials: CredentialKeeper
  readonly #servers = new Map<string, Promise<PostgresDatabases>>()

  constructor(choice: DatabaseChoice, usual: StoredDatabases, credentials: CredentialKeeper) {
    this.#choice = choice
    this.#usual = usual
    this.#credentials = credentials
  }

  get leavesNoTrace(): boolean {
    return this.#choice.server === undefined
  }

  async provision(
    createdBy: Role,
    initiatorPeerId: string,
    respondentPeerId: string,
    sessionId: string,
    context: ProvisionContext,
  ): Promise<DatabaseResult> {
    const server = (await this.#credentials.find(context.tallyId))?.server ?? this.#choice.server
    const databases = server === undefined ? this.#usual : await this.#on(server, context)
    return databases.provision(createdBy, initiatorPeerId, respondentPeerId, sessionId, context)
  }

  async deprovision(tallyId: string, context: HookContext): Promise<void> {
    const server = (await this.#credentials.find(tallyId))?.server
    if (server !== undefined)
      await (await this.#on(server, { tallyId })).deprovision(tallyId, context)
    await this.#usual.deprovision(tallyId, context)
  }

  async status(tallyId: string, context: HookContext): Promise<DatabaseResult | undefined> {
    const server = (await this.#credentials.find(tallyId))?.server
    const databases = server === undefined ? this.#usual : await this.#on(server, { tallyId })
    return databases.status(tallyId, context)
  }

  async verify(built: BuiltDatabase, context: HookContext): Promise<true | HookRefusal> {
    if (built.database.engine !== POSTGRES || !this.#choice.takesServers)
      return await this.#usual.verify(built, context)
    const { verifyPostgres } = await import('../postgres/verify-built.ts')
    return await verifyPostgres(built, context, this.#credentials)
  }

  /** Gives back the connections. */
  async close(): Promise<void> {
    const servers = [...this.#servers.values()]
    this.#servers.clear()
    await Promise.allSettled(servers.map(async (each) => (await each).close()))
  }

  /** @throws OwnHooksMissingError for a tally of hooks of the host's own: those stand before these, where they are set */
  #on(server: string, { tallyId }: Pick<ProvisionContext, 'tallyId'>): Promise<PostgresDatabases> {
    if (server === OWN_HOOKS) throw new OwnHooksMissingError(tallyId)
    const known = this.#servers.get(server)
    if (known !== undefined) return known
    const opened = this.#open(server)
    this.#servers.set(server, opened)
    return opened
  }

  async #open(server: string): Promise<PostgresDatabases> {
    const { PostgresDatabases } = await import('../postgres/postgres-databases.ts')
    const { serverPassword } = await import('../../store/postgres/connection/server-password.ts')
    const { announced } = this.#choice
    const address = parsePostgresUrl(server)
    return new PostgresDatabases({
      address,
      password: () => serverPassword(address, this.#choice),
      announced: announced === undefined ? undefined : parsePostgresUrl(announced),
      credentials: this.#credentials,
    })
  }
}
