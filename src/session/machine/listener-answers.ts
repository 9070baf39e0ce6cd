import type { Role } from '../../protocol/role.ts'
import type { Failure, FailureReason } from './failure.ts'
import type { ListenerChange, ListenerEffect } from './listener-effect.ts'
import type { Denial, ListenerEvent, ListenerEventType } from './listener-event.ts'
import type {
  Claim,
  Grant,
  ListenerState,
  ListenerStateName,
  ListenerStep,
} from './listener-state.ts'
import type { Transition } from './transition.ts'
import { ignore } from './transition.ts'

export type ListenerTransition = Transition<ListenerState, ListenerChange, ListenerEffect>

/** States in which something can still go wrong. */
export type LiveState = Extract<ListenerState, { readonly name: ListenerStep }>

type EventOf<Type extends ListenerEventType> = Extract<ListenerEvent, { readonly type: Type }>
type StateOf<Name extends ListenerStateName> = Extract<ListenerState, { readonly name: Name }>

/** One row of the table: an answer to every event. */
export type ListenerRow<Name extends ListenerStateName> = {
  readonly [Type in ListenerEventType]: (
    state: StateOf<Name>,
    event: EventOf<Type>,
  ) => ListenerTransition
}

interface Known {
  readonly tokenId?: string
  readonly role?: Role
  readonly claim?: Claim
  readonly tallyId?: string
}

function knownOf(state: LiveState): Known {
  switch (state.name) {
    case 'CREATED':
    case 'READING_REQUEST':
      return {}
    case 'VALIDATING_TOKEN':
      return {}
    case 'VALIDATING_IDENTITY':
    case 'PROVISIONING_DB':
      return { tokenId: state.grant.tokenId, role: state.grant.role, claim: state.claim }
    case 'SENDING_RESPONSE':
    case 'AWAITING_ACK':
      return {
        tokenId: state.grant.tokenId,
        role: state.grant.role,
        claim: state.claim,
        tallyId: state.tallyId,
      }
    default:
      return state satisfies never
  }
}

/** True while the use can be given back: nothing was promised to the peer yet. */
function isReleasable(state: LiveState): state is Extract<LiveState, { claim: Claim }> {
  return state.name === 'VALIDATING_IDENTITY' || state.name === 'PROVISIONING_DB'
}

function end(
  name: 'FAILED' | 'TIMEOUT',
  state: LiveState,
  failure: Failure<ListenerStep>,
  last: ListenerEffect,
  learned: Known = {},
): ListenerTransition {
  const effects: ListenerEffect[] = [last]
  const changes: ListenerChange[] = []
  if (isReleasable(state)) {
    changes.push({ type: 'release', claim: state.claim, reason: failure.reason })
    effects.push({ type: 'releaseUse', claim: state.claim, tokenId: state.grant.tokenId })
  }
  const known = { ...knownOf(state), ...learned }
  return { state: { name, caller: state.caller, ...known, failure }, changes, effects }
}

/** End as FAILED and tell the peer why. */
export function failTelling(
  state: LiveState,
  denial: Denial,
  reason: FailureReason = denial.code,
  learned: Known = {},
): ListenerTransition {
  const failure = {
    reason,
    step: state.name,
    detail: denial.reason,
    ...(denial.retryAfterMs === undefined ? {} : { retryAfterMs: denial.retryAfterMs }),
    ...(denial.fields === undefined ? {} : { fields: denial.fields }),
  }
  return end('FAILED', state, failure, { type: 'refuse', denial }, learned)
}

/** The invitee built something we can't accept: it must take it back, and the use is free again. */
export function refuseDatabase(
  state: Extract<LiveState, { readonly name: 'AWAITING_ACK' }>,
  denial: Denial,
): ListenerTransition {
  const { claim, tallyId } = state
  const failure = { reason: denial.code, step: state.name, detail: denial.reason }
  return {
    state: { name: 'FAILED', caller: state.caller, ...knownOf(state), failure },
    changes: [{ type: 'release', claim, reason: denial.code }],
    effects: [
      { type: 'refuseReceipt', denial, claim, tallyId },
      { type: 'releaseUse', claim, tokenId: state.grant.tokenId },
    ],
  }
}

/** End as FAILED when there is nobody left to tell. */
export function failSilently(
  state: LiveState,
  reason: FailureReason,
  detail?: string,
): ListenerTransition {
  const failure = { reason, step: state.name, ...(detail === undefined ? {} : { detail }) }
  return end('FAILED', state, failure, { type: 'reset' })
}

function timeOut(
  state: LiveState,
  reason: 'step_deadline' | 'session_deadline',
): ListenerTransition {
  const detail =
    reason === 'step_deadline' ? `no progress in ${state.name}` : 'the session took too long'
  const denial: Denial = { code: 'timed_out', reason: detail }
  return end('TIMEOUT', state, { reason, step: state.name, detail }, { type: 'refuse', denial })
}

/** A message that has no place here. */
export function violation(state: LiveState, message: string): ListenerTransition {
  const denial: Denial = { code: 'protocol_violation', reason: `unexpected ${message}` }
  return failTelling(state, denial, 'unexpected_message')
}

/** The use is spent on nobody: give back what a late hook built. */
function takeBack<State extends ListenerState>(
  state: State,
  claim: Claim | undefined,
  tallyId: string,
): ListenerTransition {
  return claim === undefined
    ? ignore(state)
    : { state, changes: [], effects: [{ type: 'deprovision', claim, tallyId }] }
}

/** The answers that hold in every live state unless its row says otherwise. */
export function liveAnswers<State extends LiveState>() {
  return {
    opened: ignore<State>,
    inspect: (state: State) => violation(state, 'Inspect'),
    contact: (state: State) => violation(state, 'InboundContact'),
    databaseResult: (state: State) => violation(state, 'DatabaseResult'),
    acknowledgment: (state: State) => violation(state, 'Acknowledgment'),
    decline: (state: State) => violation(state, 'Decline'),
    strayMessage: (state: State, event: EventOf<'strayMessage'>) => violation(state, event.message),
    frameRejected: (state: State, event: EventOf<'frameRejected'>) =>
      failTelling(state, { code: 'protocol_violation', reason: event.problem }, 'malformed_frame'),
    streamEnded: ignore<State>,
    streamClosed: (state: State) => failSilently(state, 'stream_lost'),
    offerReady: ignore<State>,
    tokenRefused: ignore<State>,
    tokenReserved: ignore<State>,
    tokenReplayed: ignore<State>,
    declineRecognised: ignore<State>,
    identityAccepted: ignore<State>,
    identityRefused: ignore<State>,
    provisioned: (state: State, event: EventOf<'provisioned'>) =>
      takeBack(state, knownOf(state).claim, event.built.tally.tallyId),
    provisionRefused: ignore<State>,
    delegated: ignore<State>,
    databaseAccepted: ignore<State>,
    databaseReplayed: ignore<State>,
    databaseRefused: ignore<State>,
    sent: ignore<State>,
    sendFailed: (state: State) => failSilently(state, 'stream_lost'),
    hookFailed: hookFailure,
    stepDeadline: (state: State) => timeOut(state, 'step_deadline'),
    sessionDeadline: (state: State) => timeOut(state, 'session_deadline'),
    cancelled: (state: State, event: EventOf<'cancelled'>) =>
      failTelling(state, event.denial, 'cancelled'),
  }
}

function hookFailure(state: LiveState, event: EventOf<'hookFailed'>): ListenerTransition {
  const failure: Failure<ListenerStep> = {
    reason: 'hook_failed',
    step: state.name,
    detail: `${event.hook} hook: ${event.detail}`,
  }
  const denial: Denial = {
    code: event.hook === 'database' ? 'provision_failed' : 'internal',
    reason: 'the inviter could not finish this request',
  }
  return end('FAILED', state, failure, { type: 'refuse', denial })
}

/** The waiting states: a peer that will say nothing more has left. */
export function peerLeft(state: LiveState): ListenerTransition {
  return failSilently(state, 'peer_ended', 'the other side closed before it was done')
}

/** The last use, once committed, belongs to the peer for good; the token hook is told. */
export function markUsed(claim: Claim, grant: Grant): ListenerEffect {
  return { type: 'markUsed', claim, tokenId: grant.tokenId }
}

/** The answers of a final state: it stays what it is. */
export function finalAnswers<State extends ListenerState>() {
  return {
    opened: ignore<State>,
    inspect: ignore<State>,
    contact: ignore<State>,
    databaseResult: ignore<State>,
    acknowledgment: ignore<State>,
    decline: ignore<State>,
    strayMessage: ignore<State>,
    frameRejected: ignore<State>,
    streamEnded: ignore<State>,
    streamClosed: ignore<State>,
    offerReady: ignore<State>,
    tokenRefused: ignore<State>,
    tokenReserved: ignore<State>,
    tokenReplayed: ignore<State>,
    declineRecognised: ignore<State>,
    identityAccepted: ignore<State>,
    identityRefused: ignore<State>,
    provisioned: ignore<State>,
    provisionRefused: ignore<State>,
    delegated: ignore<State>,
    databaseAccepted: ignore<State>,
    databaseReplayed: ignore<State>,
    databaseRefused: ignore<State>,
    sent: ignore<State>,
    sendFailed: ignore<State>,
    hookFailed: ignore<State>,
    stepDeadline: ignore<State>,
    sessionDeadline: ignore<State>,
    cancelled: ignore<State>,
  }
}
