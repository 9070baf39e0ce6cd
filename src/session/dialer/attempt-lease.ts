import { compact } from '../../protocol/base/compact.ts'
import { isFinalState } from '../machine/deadlines.ts'
import type { DialerState } from '../machine/dialer-state.ts'
import type { Lease } from '../ports/attempt.ts'
import type { InviteeWrite } from '../ports/write.ts'
import type { DialerContext } from './dialer-context.ts'

/**
 * How much longer than its session's deadline a lease stands, ms: the deadline itself has to be written, on a
 * disk that may be slow.
 */
const LEASE_MARGIN_MS = 5_000

type Holder = Pick<DialerContext, 'ports' | 'sessionId' | 'deadline'>

/** The lease that a session holds on its attempt while it runs. */
export function leaseOf(context: Holder): Lease {
  return { owner: ownerOf(context), until: Math.ceil(context.deadline + LEASE_MARGIN_MS) }
}

/**
 * Quotes the lease in each piece of work of a session, and gives it back in the last one. Time is not asked: a lease that
 * ran out still stands until another session takes it.
 */
export function quoteLease(
  context: Holder,
  before: DialerState,
  after: DialerState,
): readonly InviteeWrite[] {
  if (before.name === 'CREATED' || isSuperseded(after)) return []
  const { attemptId } = after.plan
  const quoted = { op: 'quoteLease', attemptId, owner: ownerOf(context) } as const
  // Its tally is stored and confirmed: only its own end is written now, which harms nobody.
  if (before.name === 'ACKNOWLEDGING') return [{ ...quoted, as: 'leave' }]
  if (isFinalState(after.name)) return [{ ...quoted, as: 'free' }]
  const building = after.name === 'PROVISIONING_DB' ? after.approval.tallyId : undefined
  return [compact({ ...quoted, as: 'hold', building })]
}

function ownerOf({ ports, sessionId }: Holder): string {
  return `${ports.processId}/${sessionId}`
}

function isSuperseded(state: DialerState): boolean {
  return state.name === 'FAILED' && state.failure.reason === 'superseded'
}
