import { compact } from '../../protocol/base/compact.ts'
import { relayBoundText } from '../../protocol/base/relay-bound.ts'
import type { Role } from '../../protocol/base/role.ts'
import { deadlineText, ENDS_A_YES, type FailureReason, type SessionFailure } from './failure.ts'
import type { ListenerEffect } from './listener-effect.ts'
import type { Denial, ListenerEvent } from './listener-event.ts'
import type { Claim, Grant, ListenerStep } from './listener-state.ts'
import type { ListenerTransition, LiveListenerState } from './rows.ts'
import type { OfType } from './transition.ts'

interface Known {
  readonly tokenId?: string
  readonly role?: Role
  readonly claim?: Claim
  readonly redemptionId?: string
  readonly tallyId?: string
}

function knownOf(state: LiveListenerState): Known {
  switch (state.name) {
    case 'CREATED':
    case 'READING_REQUEST':
      return {}
    case 'VALIDATING_TOKEN':
      return state.held === undefined ? {} : heldOf(state.held)
    case 'ASKING_INVITER':
      return { tokenId: state.grant.tokenId, role: state.grant.role }
    case 'VALIDATING_IDENTITY':
    case 'PROVISIONING_DB':
      return heldOf(state)
    case 'SENDING_RESPONSE':
    case 'AWAITING_ACK':
      return { ...heldOf(state), tallyId: state.tallyId }
    default:
      return state satisfies never
  }
}

/** The step that failed. Looking and declining have the token checked without a state of its own. */
function stepOf(state: LiveListenerState): ListenerStep {
  return state.name === 'READING_REQUEST' && state.busy !== 'no' ? 'VALIDATING_TOKEN' : state.name
}

interface Held {
  readonly grant: Grant
  readonly claim: Claim
}

function heldOf({ grant, claim }: Held): Known {
  return { tokenId: grant.tokenId, role: grant.role, claim }
}

/** The use that can be given back: nothing was promised to the peer yet. */
function releasable(state: LiveListenerState): Held | undefined {
  switch (state.name) {
    case 'VALIDATING_TOKEN':
      return state.held
    case 'VALIDATING_IDENTITY':
    case 'PROVISIONING_DB':
      return state
    default:
      return undefined
  }
}

/** Gives the use back, and what a hook may have built for it; not one held by the inviter's own yes: nobody is asked twice because of an accident. */
function giveBack(
  state: LiveListenerState,
  reason: FailureReason,
): Pick<ListenerTransition, 'changes' | 'effects'> {
  const held = releasable(state)
  if (held === undefined || (held.grant.byHand === true && !ENDS_A_YES.has(reason)))
    return { changes: [], effects: [] }
  const { claim, grant } = held
  const { tokenId } = grant
  const { changes, effects } = takeBack(state, reason)
  return {
    changes: [{ type: 'release', claim, tokenId, reason }, ...changes],
    effects: [{ type: 'releaseUse', claim, tokenId }, ...effects],
  }
}

/** Removes what a hook may have built. */
function takeBack(
  state: LiveListenerState,
  reason: string,
): Pick<ListenerTransition, 'changes' | 'effects'> {
  if (state.name !== 'PROVISIONING_DB' || state.grant.role !== 'stock')
    return { changes: [], effects: [] }
  const { claim } = state
  return {
    changes: [{ type: 'oweRemoval', claim, tallyId: claim.tallyId, reason }],
    effects: [{ type: 'deprovision' }],
  }
}

function end(
  name: 'FAILED' | 'TIMEOUT',
  state: LiveListenerState,
  failure: SessionFailure<ListenerStep>,
  last: ListenerEffect,
  learned: Known = {},
): ListenerTransition {
  const { changes, effects } = giveBack(state, failure.reason)
  const known = { ...knownOf(state), ...learned }
  return {
    state: { name, caller: state.caller, ...known, failure },
    changes,
    effects: [last, ...effects],
  }
}

/** The last word to the peer. After the committed "yes" it is silence: a "no" would contradict that. */
function lastWord(state: LiveListenerState, denial: Denial): ListenerEffect {
  const promised = state.name === 'SENDING_RESPONSE' && state.grant.role === 'stock'
  return promised ? { type: 'reset' } : { type: 'refuse', denial: understood(state, denial) }
}

/** A peer of before takes a code that it does not know for a broken frame. */
function understood(state: LiveListenerState, denial: Denial): Denial {
  const waits = 'contact' in state && state.contact.waits === true
  if (denial.code !== 'pending' || waits) return denial
  const { reason, retryAfterMs } = denial
  return compact({ code: 'in_progress', reason, retryAfterMs })
}

function failureOf(
  state: LiveListenerState,
  denial: Denial,
  reason: FailureReason,
): SessionFailure<ListenerStep> {
  const { reason: detail, retryAfterMs, pendingUntil, fields } = denial
  return compact({ reason, step: stepOf(state), detail, retryAfterMs, pendingUntil, fields })
}

/** Ends as FAILED and tells the peer why. */
export function failTelling(
  state: LiveListenerState,
  denial: Denial,
  reason: FailureReason = denial.code,
  learned: Known = {},
): ListenerTransition {
  const last = lastWord(state, denial)
  return end('FAILED', state, failureOf(state, denial, reason), last, learned)
}

const REVOKED: Denial = { code: 'revoked', reason: 'this invitation was withdrawn' }

/** Ends because what the checks allowed no longer holds. The use that was reserved meanwhile is given back. */
export function voidApproval(
  state: Extract<
    LiveListenerState,
    { readonly name: 'VALIDATING_TOKEN' | 'VALIDATING_IDENTITY' | 'PROVISIONING_DB' }
  >,
  { grant, claim }: OfType<ListenerEvent, 'approvalVoid'>,
): ListenerTransition {
  const holder = state.name === 'VALIDATING_TOKEN' ? { ...state, held: { grant, claim } } : state
  return failTelling(holder, REVOKED)
}

const SUPERSEDED: Denial = {
  code: 'in_progress',
  reason: 'another session of yours took over',
  retryAfterMs: 1_000,
}

/**
 * Ends because another session took over. The use is that session's, and is not given back. What was built here is owed to be removed: that
 * session may have failed, and removed what it found, before this was there. If it wants it, it stays.
 */
export function supersede(state: LiveListenerState): ListenerTransition {
  const failure = failureOf(state, SUPERSEDED, 'superseded')
  const { changes, effects } = takeBack(state, 'superseded')
  return {
    state: { name: 'FAILED', caller: state.caller, ...knownOf(state), failure },
    changes,
    effects: [lastWord(state, SUPERSEDED), ...effects],
  }
}

/**
 * Ends because the process is gone. The use stays reserved until the reservation's deadline, so that the same peer may come
 * back; what becomes of it then is not this session's any more.
 */
export function crash(state: LiveListenerState): ListenerTransition {
  const failure = { reason: 'crashed', step: stepOf(state) } as const
  return {
    state: { name: 'FAILED', caller: state.caller, ...knownOf(state), failure },
    changes: [],
    effects: [],
  }
}

/**
 * Ends because the node stops. A use that is held stays held, as after a crash, and so does what was built for it: the same peer
 * goes on with both at its next try. Unlike then it is told so.
 */
export function park(state: LiveListenerState, denial: Denial): ListenerTransition {
  const known = knownOf(state)
  if (known.claim === undefined) return failTelling(state, denial, 'cancelled')
  const failure = failureOf(state, denial, 'parked')
  return {
    state: { name: 'FAILED', caller: state.caller, ...known, failure },
    changes: [],
    effects: [lastWord(state, denial)],
  }
}

/** Ends because this side can't accept what the invitee built: it must take that back, and the use is free again. */
export function refuseDatabase(
  state: Extract<LiveListenerState, { readonly name: 'AWAITING_ACK' }>,
  denial: Denial,
): ListenerTransition {
  const { claim, tallyId, grant } = state
  const { tokenId } = grant
  const failure = failureOf(state, denial, denial.code)
  return {
    state: { name: 'FAILED', caller: state.caller, ...knownOf(state), failure },
    changes: [{ type: 'release', claim, tokenId, reason: denial.code }],
    effects: [
      { type: 'refuseReceipt', denial, claim, tallyId },
      { type: 'releaseUse', claim, tokenId },
    ],
  }
}

/** Ends as FAILED when there is nobody left to tell. */
export function failSilently(
  state: LiveListenerState,
  reason: FailureReason,
  detail?: string,
): ListenerTransition {
  const failure = compact({ reason, step: stepOf(state), detail })
  return end('FAILED', state, failure, { type: 'reset' })
}

/** Ends because the stream did, by itself or by a relay's bound. */
export function loseStream(
  state: LiveListenerState,
  { bound }: OfType<ListenerEvent, 'streamClosed'>,
): ListenerTransition {
  return bound === undefined
    ? failSilently(state, 'stream_lost')
    : failSilently(state, 'relay_limit', relayBoundText(bound))
}

export function timeOut(
  state: LiveListenerState,
  reason: 'step_deadline' | 'session_deadline',
): ListenerTransition {
  const step = stepOf(state)
  const detail = deadlineText(step, reason)
  const denial: Denial = { code: 'timed_out', reason: detail }
  return end('TIMEOUT', state, { reason, step, detail }, lastWord(state, denial))
}

/** Ends because of a message that has no place here. */
export function violation(state: LiveListenerState, message: string): ListenerTransition {
  const denial: Denial = { code: 'protocol_violation', reason: `unexpected ${message}` }
  return failTelling(state, denial, 'unexpected_message')
}

/** After how many ms to come again while the database's server is away: it is being started, or somebody is called. */
const AWAY_RETRY_MS = 10_000

/** For who comes while databases can't be built for a cause that passes: in the words of the breaker, which soon says it itself. */
const AWAY: Denial = {
  code: 'busy',
  reason: 'nothing can be set up at the moment',
  retryAfterMs: AWAY_RETRY_MS,
}

/** Ends because a hook of this side failed: the peer is not told how, but whether to come again. */
export function hookFailure(
  state: LiveListenerState,
  event: OfType<ListenerEvent, 'hookFailed'>,
): ListenerTransition {
  const failure: SessionFailure<ListenerStep> = {
    reason: event.cause ?? 'hook_failed',
    step: stepOf(state),
    detail: `${event.hook} hook: ${event.detail}`,
  }
  const isAway = event.cause === 'database_unreachable'
  return end('FAILED', state, failure, lastWord(state, isAway ? AWAY : unfinished(event.hook)))
}

function unfinished(hook: OfType<ListenerEvent, 'hookFailed'>['hook']): Denial {
  return { code: hook === 'database' ? 'provision_failed' : 'internal', reason: UNFINISHED }
}

/** The peer is not told what broke here. */
const UNFINISHED = 'the inviter could not finish this request'

/** Ends because something else of this side failed. */
export function effectFailure(
  state: LiveListenerState,
  { detail }: OfType<ListenerEvent, 'effectFailed'>,
): ListenerTransition {
  const denial: Denial = { code: 'internal', reason: UNFINISHED }
  const failure = { reason: 'internal', step: stepOf(state), detail } as const
  return end('FAILED', state, failure, lastWord(state, denial))
}

/** Ends a waiting state: a peer that will say nothing more has left. */
export function peerLeft(state: LiveListenerState): ListenerTransition {
  return failSilently(state, 'peer_ended', 'the other side closed before it was done')
}
