import type { z } from 'zod'
import type { Role } from '../../protocol/base/role.ts'
import type { BuiltDatabase, DraftText } from '../../protocol/message/messages.ts'
import { describeThrown } from './describe-thrown.ts'
import type { databaseAnswer } from './hook-answers.ts'

interface BuiltOptions {
  readonly role: Role
  /** Told if the database was not built for this role. */
  readonly otherRole: string
  /** Makes the draft for the tally of that id. */
  draftFor(tallyId: string): DraftText
}

/** Puts a database hook's answer and the draft for it together; the hook has failed if they do not fit. */
export function builtEvent(
  { tally, dbConnectionInfo: database }: z.infer<typeof databaseAnswer>,
  { role, otherRole, draftFor }: BuiltOptions,
):
  | { readonly type: 'provisioned'; readonly built: BuiltDatabase }
  | { readonly type: 'hookFailed'; readonly hook: 'database'; readonly detail: string } {
  try {
    if (tally.createdBy !== role) throw new TypeError(otherRole)
    return { type: 'provisioned', built: { tally, database, draft: draftFor(tally.tallyId) } }
  } catch (error) {
    return { type: 'hookFailed', hook: 'database', detail: describeThrown(error) }
  }
}
