import { ownMember } from '../protocol/base/own-member.ts'
import { MAX_REASON } from '../protocol/message/message-limits.ts'
import type { IdentityBundle } from '../protocol/message/messages.ts'
import type { HookRefusal, IdentityHook } from './session-hooks.ts'

/** Anything but spaces, control characters and characters without a shape. */
const VISIBLE = /[^\s\p{C}\p{Z}]/u

/** Accepts an identity when every required field is there and is not blank. The text itself is not checked. */
export const requiredFields: IdentityHook = {
  validate: async (
    bundle: IdentityBundle,
    requirements: readonly string[],
  ): Promise<true | HookRefusal> => {
    const fields = requirements.filter((field) => !isTold(bundle, field))
    if (fields.length === 0) return true
    return { refused: 'identity_required', reason: reasonFor(fields), fields }
  },
}

/** The sentence has to fit into a message; the names are also told beside it. */
function reasonFor(fields: readonly string[]): string {
  const reason = `this invitation asks for: ${fields.join(', ')}`
  return reason.length <= MAX_REASON ? reason : 'this invitation asks for more than was disclosed'
}

function isTold(bundle: IdentityBundle, field: string): boolean {
  return VISIBLE.test(ownMember(bundle, field) ?? '')
}
