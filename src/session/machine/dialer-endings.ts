import { compact } from '../../protocol/base/compact.ts'
import { relayBoundText } from '../../protocol/base/relay-bound.ts'
import type { BuiltDatabase, Refusal } from '../../protocol/message/messages.ts'
import type { DialerEvent } from './dialer-event.ts'
import type { DialerFailed, DialerStep, DialerTimedOut, KeptTally, Plan } from './dialer-state.ts'
import { deadlineText, type FailureReason, type SessionFailure } from './failure.ts'
import type { DialerTransition, LiveDialerState } from './rows.ts'
import type { OfType } from './transition.ts'

/** The database that this side keeps although the session did not end well: the inviter may hold its half. */
function heldBy(state: LiveDialerState): BuiltDatabase | undefined {
  switch (state.name) {
    case 'SENDING_RESULT':
    case 'AWAITING_RECEIPT':
    case 'ACKNOWLEDGING':
      return state.built
    default:
      return undefined
  }
}

function end(
  name: 'FAILED' | 'TIMEOUT',
  state: LiveDialerState,
  failure: SessionFailure<DialerStep>,
): DialerTransition {
  const { plan, offer } = state
  const { changes, effects } = removalAfter(state, failure.reason)
  return {
    state: compact({ name, plan, offer, held: heldBy(state), failure }),
    changes,
    effects: [{ type: 'reset' }, ...effects],
  }
}

/** Removes what the hook may have left behind. The store knows whether an earlier session already held it. */
function removalAfter(
  state: LiveDialerState,
  reason: string,
): Pick<DialerTransition, 'changes' | 'effects'> {
  if (state.name !== 'PROVISIONING_DB') return { changes: [], effects: [] }
  const { plan, approval } = state
  const { tallyId } = approval
  return {
    changes: [{ type: 'oweRemoval', plan, tallyId, reason }],
    effects: [{ type: 'deprovision' }],
  }
}

const BUSY: Omit<SessionFailure<DialerStep>, 'step'> = {
  reason: 'in_progress',
  detail: 'this link is being redeemed by another process',
  retryAfterMs: 1_000,
}

/** Ends before anything was begun: another session is at it. */
export function busy(state: LiveDialerState): DialerTransition {
  const { plan, name: step } = state
  const failure = { ...BUSY, step }
  return { state: { name: 'FAILED', plan, failure }, changes: [], effects: [{ type: 'reset' }] }
}

/**
 * Leaves what is held to the session that took over. What was just built is owed to be removed: that session may have
 * failed, and removed what it found, before this was there. If it wants the database, it stays.
 */
export function superseded(state: LiveDialerState): DialerTransition {
  const { plan, name: step } = state
  const failure = {
    reason: 'superseded',
    step,
    detail: 'another process went on with this link',
    retryAfterMs: 1_000,
  } as const
  const { changes, effects } = removalAfter(state, 'superseded')
  return {
    state: compact({ name: 'FAILED', plan, failure, held: heldBy(state) }),
    changes,
    effects: [{ type: 'reset' }, ...effects],
  }
}

/** Ends because the process is gone. The attempt is not over: the same link, tried again, goes on from there. */
export function crashed(state: LiveDialerState): DialerTransition {
  return { ...endFailed(state, 'crashed'), changes: [], effects: [] }
}

/** Ends as FAILED. What is held stays held: the same link, tried again, goes on from there. */
export function endFailed(
  state: LiveDialerState,
  reason: FailureReason,
  detail?: string,
): DialerTransition {
  return end('FAILED', state, compact({ reason, step: state.name, detail }))
}

/** Ends because the stream did, by itself or by a relay's bound. */
export function cutOff(
  state: LiveDialerState,
  { bound }: OfType<DialerEvent, 'streamClosed'>,
): DialerTransition {
  return bound === undefined
    ? endFailed(state, 'stream_lost')
    : endFailed(state, 'relay_limit', relayBoundText(bound))
}

/** Refusals after which the same request can't succeed later: the attempt is over. */
const FINAL_REFUSALS: ReadonlySet<FailureReason> = new Set([
  'invalid_token',
  'expired',
  'revoked',
  'used',
  'withdrawn',
  'declined',
  'mismatch',
  'offer_changed',
  'identity_required',
  'identity_refused',
  'party_id_mismatch',
])

/** Ends because the inviter said no. */
export function refused(
  state: LiveDialerState,
  { code, reason: detail, retryAfterMs, pendingUntil, fields }: Refusal,
): DialerTransition {
  const hints = { retryAfterMs, pendingUntil, fields }
  const failure = compact({ reason: code, step: state.name, detail, ...hints })
  const answer = end('FAILED', state, failure)
  const { plan } = state
  // Whoever knows the tally would not ask a person whether there is to be one.
  if (code === 'pending' && plan.kept !== undefined) return begunAnew(state, plan.kept)
  if (!FINAL_REFUSALS.has(code) || heldBy(state) !== undefined) return answer
  if (plan.kept !== undefined && DENIALS.has(code)) return denied(answer, plan, plan.kept)
  if (plan.held === undefined) {
    const ended = { type: 'endAttempt', plan, reason: code } as const
    const isWithdrawn = code === 'withdrawn' && plan.role === 'stock'
    const withdrawn = isWithdrawn ? [{ type: 'withdrawTally', plan } as const] : []
    return { ...answer, changes: [...answer.changes, ...withdrawn, ended] }
  }
  return NOTHING_THERE.has(code) ? letGo(answer, plan, plan.held) : answer
}

/** Ends because the offer is not what was agreed to, or what the link says: what was agreed to is over. */
export function offerChanged(state: LiveDialerState, reason: string): DialerTransition {
  const type = 'ProvisioningResult'
  return refused(state, { type, approved: false, code: 'offer_changed', reason })
}

/** Refusals that an inviter gives only to whom it knows to have no tally. */
export const DENIALS: ReadonlySet<FailureReason> = new Set([
  'invalid_token',
  'expired',
  'revoked',
  'used',
  'declined',
])

function denied(answer: DialerTransition, plan: Plan, kept: KeptTally): DialerTransition {
  return { ...answer, changes: [...answer.changes, { type: 'noteDenied', plan, kept }] }
}

/** Ends because the inviter has begun anew what both sides had finished. */
export function begunAnew(state: LiveDialerState, kept: KeptTally): DialerTransition {
  return denied(endFailed(state, 'response_invalid', BEGUN_ANEW), state.plan, kept)
}

const BEGUN_ANEW = 'the inviter does not know the tally that you have, and has begun anew'

/** The tally that is kept here and that the inviter does not know, if the session ended over that. */
export function deniedTally({
  plan: { kept },
  failure: { reason, detail },
}: DialerFailed | DialerTimedOut): KeptTally | undefined {
  return DENIALS.has(reason) || detail === BEGUN_ANEW ? kept : undefined
}

/** Refusals that say that the inviter holds no tally with this side on the token: it looks before it says so. */
const NOTHING_THERE: ReadonlySet<FailureReason> = new Set(['expired', 'revoked', 'used'])

/** Gives up the tally that an earlier session built: it will never be confirmed. */
export function letGo(answer: DialerTransition, plan: Plan, tallyId: string): DialerTransition {
  return {
    state: answer.state,
    changes: [
      { type: 'discardTally', plan, tallyId },
      { type: 'oweRemoval', plan, tallyId, reason: 'given up' },
      ...answer.changes,
    ],
    effects: [...answer.effects, { type: 'deprovision' }],
  }
}

/** Ends as TIMEOUT. */
export function timedOut(
  state: LiveDialerState,
  reason: 'step_deadline' | 'session_deadline',
): DialerTransition {
  const detail = deadlineText(state.name, reason)
  return end('TIMEOUT', state, { reason, step: state.name, detail })
}

/** Ends because of a message that has no place here. */
export function unexpected(state: LiveDialerState, message: string): DialerTransition {
  return endFailed(state, 'unexpected_message', `unexpected ${message}`)
}
