import type { Role } from '../../protocol/base/role.ts'
import type { BuiltDatabase } from '../../protocol/message/messages.ts'
import { type CredentialKeeper, OWN_HOOKS } from '../postgres/credential-keeper.ts'
import type {
  DatabaseAnswer,
  DatabaseHook,
  DatabaseResult,
  HookContext,
  HookRefusal,
  ProvisionContext,
} from '../session-hooks.ts'
import { OwnRemovalMissingError } from './errors.ts'

export interface OwnDatabasesInit {
  /** Plain: what is there is bound. Without `provision` nothing is built by it. */
  readonly own: Partial<DatabaseHook>
  /** Does the rest, and knows databases that were begun before there were hooks of the host's own. */
  readonly usual: Required<DatabaseHook>
  /** Keeps who has begun which. */
  readonly credentials: CredentialKeeper
}

/**
 * The databases of a node with hooks of its host's own. What these begin is noted first, on the disk: it is found and
 * removed by them and nobody else, whatever is set later; likewise what was begun without them, without them.
 */
export class OwnDatabases implements Required<DatabaseHook> {
  readonly #init: OwnDatabasesInit

  constructor(init: OwnDatabasesInit) {
    this.#init = init
  }

  get leavesNoTrace(): boolean {
    const { own, usual } = this.#init
    const { provision, leavesNoTrace = false } = own
    return usual.leavesNoTrace && (provision === undefined || leavesNoTrace)
  }

  /** @throws StoreError, and what the hooks throw */
  async provision(
    createdBy: Role,
    initiatorPeerId: string,
    respondentPeerId: string,
    sessionId: string,
    context: ProvisionContext,
  ): Promise<DatabaseAnswer> {
    const { own, usual, credentials } = this.#init
    const { tallyId } = context
    const asked = [createdBy, initiatorPeerId, respondentPeerId, sessionId, context] as const
    const begun = await credentials.find(tallyId)
    const isElsewhere = begun !== undefined && begun.server !== OWN_HOOKS
    if (own.provision === undefined || isElsewhere) return await usual.provision(...asked)
    if (begun === undefined) await credentials.noteOwn(tallyId)
    const answer = await own.provision(...asked)
    // Who asked looks at the answer: it may be anything.
    const given: unknown = answer?.tally?.tallyId
    if (typeof given === 'string' && given !== tallyId) await credentials.noteOwn(given)
    return answer
  }

  /** @throws OwnRemovalMissingError, StoreError, and what the hooks throw */
  async deprovision(tallyId: string, context: HookContext): Promise<void> {
    const { own, usual, credentials } = this.#init
    if (!(await this.#isOwn(tallyId))) return await usual.deprovision(tallyId, context)
    if (own.deprovision === undefined) throw new OwnRemovalMissingError(tallyId)
    await own.deprovision(tallyId, context)
    await credentials.noteRemoved(tallyId)
  }

  async status(tallyId: string, context: HookContext): Promise<DatabaseResult | undefined> {
    const { own, usual } = this.#init
    const builder = (await this.#isOwn(tallyId)) ? own : usual
    return await builder.status?.(tallyId, context)
  }

  async verify(built: BuiltDatabase, context: HookContext): Promise<boolean | HookRefusal> {
    const { own, usual } = this.#init
    return await (own.verify ?? usual.verify.bind(usual))(built, context)
  }

  /** Without hooks that build, the usual ones say what is missing. */
  async #isOwn(tallyId: string): Promise<boolean> {
    const { own, credentials } = this.#init
    if (own.provision === undefined) return false
    return (await credentials.find(tallyId))?.server === OWN_HOOKS
  }
}
