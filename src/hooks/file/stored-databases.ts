import type { Role } from '../../protocol/base/role.ts'
import type { BuiltDatabase } from '../../protocol/message/messages.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tallyRecords } from '../../store/records/tally-records.ts'
import { automergeDatabase, isOurs } from '../../tally/automerge-database.ts'
import type {
  DatabaseHook,
  DatabaseResult,
  HookContext,
  HookRefusal,
  ProvisionContext,
} from '../session-hooks.ts'

/**
 * The default database: an Automerge document in the store, grown from the draft. Building it only names it:
 * both sides keep the draft, in the same transaction as the redemption, and derive the same document from it
 * when the tally is opened.
 */
export class StoredDatabases implements DatabaseHook {
  readonly leavesNoTrace = true
  readonly #store: RecordStore

  constructor(store: RecordStore) {
    this.#store = store
  }

  async provision(
    createdBy: Role,
    _initiatorPeerId: string,
    _respondentPeerId: string,
    _sessionId: string,
    { tallyId }: ProvisionContext,
  ): Promise<DatabaseResult> {
    return { tally: { tallyId, createdBy }, dbConnectionInfo: automergeDatabase(tallyId) }
  }

  /** Removes what a given-up redemption left: nothing, unless the document was opened meanwhile. */
  async deprovision(tallyId: string, { signal }: HookContext): Promise<void> {
    signal.throwIfAborted()
    await this.#store.transact(function* () {
      if ((yield* tallyRecords.find(tallyId)) === undefined) yield* tallyRecords.remove(tallyId)
    })
  }

  /** @throws StoreError */
  async status(tallyId: string): Promise<DatabaseResult | undefined> {
    const tally = await this.#store.query(() => tallyRecords.find(tallyId))
    return tally === undefined
      ? undefined
      : { tally: tally.built.tally, dbConnectionInfo: tally.built.database }
  }

  /** Of what an older peer has built there is nothing to check, and nothing that could be opened here. */
  async verify(
    built: BuiltDatabase,
    { protocol }: Pick<HookContext, 'protocol'>,
  ): Promise<true | HookRefusal> {
    if (protocol !== undefined) return true
    return isOurs(built.database, built.tally.tallyId)
      ? true
      : { refused: 'database_refused', reason: 'only the default database is accepted here' }
  }
}
