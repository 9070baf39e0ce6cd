import type { z } from 'zod'
import type { Role } from '../../protocol/base/role.ts'
import type { BuiltDatabase, DraftText } from '../../protocol/message/messages.ts'
import { HookAnswerError } from './call-hook.ts'
import { describeThrown } from './describe-thrown.ts'
import type { databaseAnswer } from './hook-answers.ts'

interface BuiltOptions {
  readonly role: Role
  /** Makes the draft for the tally of that id. */
  draftFor(tallyId: string): DraftText
  /** Tells the host that its hook failed. */
  readonly complain: (hook: string, detail: string) => void
}

/** Puts a database hook's answer and the draft for it together; the hook has failed if they do not fit. */
export function builtEvent(
  { tally, dbConnectionInfo: database }: z.infer<typeof databaseAnswer>,
  { role, draftFor, complain }: BuiltOptions,
):
  | { readonly type: 'provisioned'; readonly built: BuiltDatabase }
  | { readonly type: 'hookFailed'; readonly hook: 'database'; readonly detail: string } {
  try {
    if (tally.createdBy !== role)
      throw new HookAnswerError('tally.createdBy', `it must be ${role}, the inviter's role`)
    return { type: 'provisioned', built: { tally, database, draft: draftFor(tally.tallyId) } }
  } catch (error) {
    const detail = describeThrown(error)
    complain('database.provision', detail)
    return { type: 'hookFailed', hook: 'database', detail }
  }
}
