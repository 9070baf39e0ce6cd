import { compact } from '../../protocol/base/compact.ts'
import { MAX_REASON } from '../../protocol/message/message-limits.ts'
import type { Decision, NotDecided } from '../../session/ports/uses/pending-request.ts'
import { MAX_OPERATOR_REASON } from '../record/operator.ts'

/** The result of the inviter's word, as a running listener tells it. */
export interface Decided {
  readonly result: 'approved' | 'denied' | 'none'
  /** Why nothing was changed. */
  readonly why?: NotDecided
  /** After a yes: until when the use is held for its peer, milliseconds since the epoch. */
  readonly until?: number
}

/** Characters of a reason that goes with a no: what a message holds, and the record of the command keeps. */
export const MAX_DENIAL_REASON = Math.min(MAX_REASON, MAX_OPERATOR_REASON)

export const NOT_DECIDED = [
  'gone',
  'lapsed',
  'revoked',
  'no_use',
  'approved',
  'under_way',
] as const satisfies readonly NotDecided[]

export function decidedOf(decision: Decision): Decided {
  const { kind: result } = decision
  if (decision.kind === 'none') return { result, why: decision.why }
  const until = decision.kind === 'approved' ? decision.request.until : undefined
  return compact({ result, until })
}
