import type { Role } from '../../protocol/base/role.ts'
import type { BuiltDatabase, DraftText } from '../../protocol/message/messages.ts'
import { automergeDatabase, isOurs } from '../../tally/automerge-database.ts'
import type {
  DatabaseHook,
  DatabaseResult,
  HookContext,
  HookRefusal,
  ProvisionContext,
} from '../session-hooks.ts'
import { DatabaseConflictError, DatabasesFullError } from './errors.ts'

/**
 * Databases held at once.
 * @default 100,000, which with drafts of a few KiB a process can well hold
 */
const MAX_MEMORY_DATABASES = 100_000

interface HeldDatabase {
  readonly result: DatabaseResult
  readonly draft: DraftText
  readonly initiatorPeerId: string
  readonly respondentPeerId: string
}

/**
 * Drafts in this process's memory, under the names of the default database: the shared document is grown
 * from the draft, so a partner that keeps replicas for good understands them.
 */
export class MemoryDatabases implements DatabaseHook {
  readonly #databases = new Map<string, HeldDatabase>()
  readonly #max: number

  constructor(max: number = MAX_MEMORY_DATABASES) {
    this.#max = max
  }

  /** Returns the draft in a tally's database, if there is one. */
  draftOf(tallyId: string): DraftText | undefined {
    return this.#databases.get(tallyId)?.draft
  }

  /**
   * @throws DatabaseConflictError if the tally was built for other parties or from another draft,
   *   DatabasesFullError, the signal's reason
   */
  async provision(
    createdBy: Role,
    initiatorPeerId: string,
    respondentPeerId: string,
    _sessionId: string,
    context: ProvisionContext,
  ): Promise<DatabaseResult> {
    context.signal.throwIfAborted()
    const { tallyId } = context
    const wanted: HeldDatabase = {
      result: { tally: { tallyId, createdBy }, dbConnectionInfo: automergeDatabase(tallyId) },
      draft: context.draftFor(tallyId),
      initiatorPeerId,
      respondentPeerId,
    }
    return this.#found(tallyId, wanted) ?? this.#built(tallyId, wanted)
  }

  /** @throws the signal's reason */
  async deprovision(tallyId: string, { signal }: HookContext): Promise<void> {
    signal.throwIfAborted()
    this.#databases.delete(tallyId)
  }

  /** @throws the signal's reason */
  async status(tallyId: string, { signal }: HookContext): Promise<DatabaseResult | undefined> {
    signal.throwIfAborted()
    return this.#databases.get(tallyId)?.result
  }

  /** Of what an older peer has built there is nothing to check. @throws the signal's reason */
  async verify(
    built: BuiltDatabase,
    { signal, protocol }: HookContext,
  ): Promise<true | HookRefusal> {
    signal.throwIfAborted()
    if (protocol !== undefined) return true
    if (isOurs(built.database, built.tally.tallyId)) return true
    return { refused: 'database_refused', reason: 'only the default database is accepted here' }
  }

  #found(tallyId: string, wanted: HeldDatabase): DatabaseResult | undefined {
    const held = this.#databases.get(tallyId)
    if (held === undefined) return undefined
    if (!isSame(held, wanted)) throw new DatabaseConflictError(tallyId)
    return held.result
  }

  #built(tallyId: string, wanted: HeldDatabase): DatabaseResult {
    if (this.#databases.size >= this.#max) throw new DatabasesFullError(this.#max)
    this.#databases.set(tallyId, wanted)
    return wanted.result
  }
}

function isSame(a: HeldDatabase, b: HeldDatabase): boolean {
  return (
    a.result.tally.createdBy === b.result.tally.createdBy &&
    a.initiatorPeerId === b.initiatorPeerId &&
    a.respondentPeerId === b.respondentPeerId &&
    a.draft.sha256 === b.draft.sha256
  )
}
