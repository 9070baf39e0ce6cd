import { FenceLostError } from '../errors.ts'
import { isFinalState } from '../machine/deadlines.ts'
import type { DialerState } from '../machine/dialer-state.ts'
import type { Lease, StoreTransaction } from '../ports/store.ts'
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
 * Quotes the lease in each transaction of a session, and gives it back in the last one. Time is not asked: a lease that
 * ran out still stands until another session takes it.
 * @throws FenceLostError if one has
 */
export function mayWrite(
  context: Holder,
  before: DialerState,
  after: DialerState,
  transaction: StoreTransaction,
): void {
  if (before.name === 'CREATED' || isSuperseded(after)) return
  const { attemptId } = after.plan
  const owner = ownerOf(context)
  // Its tally is stored and confirmed: only its own end is written now, which harms nobody.
  if (before.name === 'ACKNOWLEDGING') {
    transaction.freeAttempt(attemptId, owner)
    return
  }
  if (!quote(after, owner, transaction)) throw new FenceLostError(attemptId)
}

function quote(state: DialerState, owner: string, transaction: StoreTransaction): boolean {
  const { attemptId } = state.plan
  if (isFinalState(state.name)) return transaction.freeAttempt(attemptId, owner)
  return state.name === 'PROVISIONING_DB'
    ? transaction.noteBuilding(attemptId, owner, state.approval.tallyId)
    : transaction.holdsAttempt(attemptId, owner)
}

function ownerOf({ ports, sessionId }: Holder): string {
  return `${ports.processId}/${sessionId}`
}

function isSuperseded(state: DialerState): boolean {
  return state.name === 'FAILED' && state.failure.reason === 'superseded'
}
