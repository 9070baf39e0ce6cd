import type { BuiltDatabase, Refusal } from '../../protocol/message/messages.ts'
import type { DialerChange, DialerEffect } from './dialer-effect.ts'
import type { DialerEvent, DialerEventType } from './dialer-event.ts'
import type { DialerState, DialerStateName, DialerStep, Plan } from './dialer-state.ts'
import type { Failure, FailureReason } from './failure.ts'
import type { Transition } from './transition.ts'
import { ignore } from './transition.ts'

export type DialerTransition = Transition<DialerState, DialerChange, DialerEffect>

export type LiveDialerState = Extract<DialerState, { readonly name: DialerStep }>

export type EventOf<Type extends DialerEventType> = Extract<DialerEvent, { readonly type: Type }>
type StateOf<Name extends DialerStateName> = Extract<DialerState, { readonly name: Name }>

/** One row of the table: an answer to every event. */
export type DialerRow<Name extends DialerStateName> = {
  readonly [Type in DialerEventType]: (
    state: StateOf<Name>,
    event: EventOf<Type>,
  ) => DialerTransition
}

/** What this side keeps although the session did not end well: the inviter may hold its half. */
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
  failure: Failure<DialerStep>,
): DialerTransition {
  const held = heldBy(state)
  const known = {
    plan: state.plan,
    ...(state.offer === undefined ? {} : { offer: state.offer }),
    ...(held === undefined ? {} : { held }),
  }
  const { changes, effects } = removalAfter(state, failure.reason)
  return {
    state: { name, ...known, failure },
    changes,
    effects: [{ type: 'reset' }, ...effects],
  }
}

/** What the hook may have left behind. The store knows whether an earlier session already held it. */
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

const BUSY: Omit<Failure<DialerStep>, 'step'> = {
  reason: 'in_progress',
  detail: 'this link is being redeemed by another process',
  retryAfterMs: 1_000,
}

/** Nothing was begun: somebody else is at it. */
export function busy(state: LiveDialerState): DialerTransition {
  const { plan, name: step } = state
  const failure = { ...BUSY, step }
  return { state: { name: 'FAILED', plan, failure }, changes: [], effects: [{ type: 'reset' }] }
}

/**
 * What is held belongs to whoever took over. What was just built is owed to be removed: that one may have failed, and
 * removed what it found, before this was there. If it wants it, it stays.
 */
function supersede(state: LiveDialerState): DialerTransition {
  const { plan, name: step } = state
  const built = heldBy(state)
  const failure = {
    reason: 'superseded',
    step,
    detail: 'another process went on with this link',
    retryAfterMs: 1_000,
  } as const
  const { changes, effects } = removalAfter(state, 'superseded')
  return {
    state: { name: 'FAILED', plan, failure, ...(built === undefined ? {} : { held: built }) },
    changes,
    effects: [{ type: 'reset' }, ...effects],
  }
}

/** Its process is gone. The attempt is not over: the same link, tried again, goes on from there. */
function crash(state: LiveDialerState): DialerTransition {
  return { ...fail(state, 'crashed'), changes: [], effects: [] }
}

/** End as FAILED. What is held stays held: the same link, tried again, goes on from there. */
export function fail(
  state: LiveDialerState,
  reason: FailureReason,
  detail?: string,
): DialerTransition {
  return end('FAILED', state, {
    reason,
    step: state.name,
    ...(detail === undefined ? {} : { detail }),
  })
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
  'identity_required',
  'identity_refused',
  'party_id_mismatch',
])

/** The inviter said no. */
export function refused(state: LiveDialerState, refusal: Refusal): DialerTransition {
  const failure: Failure<DialerStep> = {
    reason: refusal.code,
    step: state.name,
    detail: refusal.reason,
    ...(refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs }),
    ...(refusal.fields === undefined ? {} : { fields: refusal.fields }),
  }
  const answer = end('FAILED', state, failure)
  const { plan } = state
  if (!FINAL_REFUSALS.has(refusal.code) || heldBy(state) !== undefined) return answer
  if (plan.held === undefined) {
    const ended = { type: 'endAttempt', plan, reason: refusal.code } as const
    const isWithdrawn = refusal.code === 'withdrawn' && plan.role === 'stock'
    const withdrawn = isWithdrawn ? [{ type: 'withdrawTally', plan } as const] : []
    return { ...answer, changes: [...answer.changes, ...withdrawn, ended] }
  }
  return NOTHING_THERE.has(refusal.code) ? letGo(answer, plan, plan.held) : answer
}

/** Refusals that say: the inviter holds no tally with us on this token. It looks before it says so. */
const NOTHING_THERE: ReadonlySet<FailureReason> = new Set(['expired', 'revoked', 'used'])

/** What an earlier session built will never be confirmed. */
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

function timeOut(
  state: LiveDialerState,
  reason: 'step_deadline' | 'session_deadline',
): DialerTransition {
  const detail =
    reason === 'step_deadline' ? `no progress in ${state.name}` : 'the session took too long'
  return end('TIMEOUT', state, { reason, step: state.name, detail })
}

export function unexpected(state: LiveDialerState, message: string): DialerTransition {
  return fail(state, 'unexpected_message', `unexpected ${message}`)
}

/** The answers that hold in every live state unless its row says otherwise. */
export function liveDialerAnswers<State extends LiveDialerState>() {
  return {
    started: ignore<State>,
    connected: ignore<State>,
    dialFailed: ignore<State>,
    offer: (state: State) => unexpected(state, 'Offer'),
    approval: (state: State) => unexpected(state, 'ProvisioningResult'),
    refusal: (state: State, event: EventOf<'refusal'>) => refused(state, event.refusal),
    receipt: (state: State) => unexpected(state, 'Receipt'),
    strayMessage: (state: State, event: EventOf<'strayMessage'>) =>
      unexpected(state, event.message),
    frameRejected: (state: State, event: EventOf<'frameRejected'>) =>
      fail(state, 'malformed_frame', event.problem),
    streamEnded: ignore<State>,
    streamClosed: (state: State) => fail(state, 'stream_lost'),
    sent: ignore<State>,
    sendFailed: (state: State) => fail(state, 'stream_lost'),
    responseAccepted: ignore<State>,
    responseRejected: ignore<State>,
    provisioned: ignore<State>,
    hookFailed: (state: State, event: EventOf<'hookFailed'>) =>
      fail(state, 'hook_failed', `${event.hook} hook: ${event.detail}`),
    effectFailed: (state: State, event: EventOf<'effectFailed'>) =>
      fail(state, 'internal', event.detail),
    busy: ignore<State>,
    superseded: supersede,
    stepDeadline: (state: State) => timeOut(state, 'step_deadline'),
    sessionDeadline: (state: State) => timeOut(state, 'session_deadline'),
    crashed: crash,
    cancelled: (state: State, event: EventOf<'cancelled'>) =>
      fail(state, 'cancelled', event.detail),
  }
}

/** The answers of a final state: it stays what it is. */
export function finalDialerAnswers<State extends DialerState>() {
  return {
    started: ignore<State>,
    connected: ignore<State>,
    dialFailed: ignore<State>,
    offer: ignore<State>,
    approval: ignore<State>,
    refusal: ignore<State>,
    receipt: ignore<State>,
    strayMessage: ignore<State>,
    frameRejected: ignore<State>,
    streamEnded: ignore<State>,
    streamClosed: ignore<State>,
    sent: ignore<State>,
    sendFailed: ignore<State>,
    responseAccepted: ignore<State>,
    responseRejected: ignore<State>,
    provisioned: ignore<State>,
    hookFailed: ignore<State>,
    effectFailed: ignore<State>,
    busy: ignore<State>,
    superseded: ignore<State>,
    stepDeadline: ignore<State>,
    sessionDeadline: ignore<State>,
    crashed: ignore<State>,
    cancelled: ignore<State>,
  }
}
