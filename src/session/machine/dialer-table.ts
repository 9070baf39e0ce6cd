import { compact } from '../../protocol/base/compact.ts'
import { ownMember } from '../../protocol/base/own-member.ts'
import { finalDialerAnswers, liveDialerAnswers } from './dialer-answers.ts'
import {
  begunAnew,
  busy,
  endFailed,
  letGo,
  offerChanged,
  refused,
  unexpected,
} from './dialer-endings.ts'
import type { DialerEvent } from './dialer-event.ts'
import type {
  Acknowledging,
  AwaitingReceipt,
  AwaitingResponse,
  Connecting,
  DialerCompleted,
  DialerCreated,
  DialerFailed,
  DialerProvisioning,
  DialerState,
  DialerStateName,
  DialerTimedOut,
  Plan,
  SendingRequest,
  SendingResult,
  ValidatingResponse,
} from './dialer-state.ts'
import { offerDifference } from './offer-check.ts'
import type { DialerRow, DialerTransition } from './rows.ts'
import type { OfType } from './transition.ts'

const created: DialerRow<'CREATED'> = {
  ...liveDialerAnswers<DialerCreated>(),
  started: (_state, { plan }) => ({
    state: { name: 'CONNECTING', plan },
    changes: [{ type: 'beginAttempt', plan }],
    effects: [{ type: 'dial', plan }],
  }),
  busy,
}

const connecting: DialerRow<'CONNECTING'> = {
  ...liveDialerAnswers<Connecting>(),
  connected: ({ plan }) => ({
    state: {
      name: 'SENDING_REQUEST',
      plan,
      phase: plan.inspectFirst ? 'inspecting' : 'contacting',
    },
    changes: [],
    effects: [
      plan.inspectFirst
        ? { type: 'sendInspect', plan }
        : compact({ type: 'sendContact', plan, agreed: plan.consented }),
    ],
  }),
  dialFailed: (state, { cause, detail }) => endFailed(state, cause, detail),
}

const sendingRequest: DialerRow<'SENDING_REQUEST'> = {
  ...liveDialerAnswers<SendingRequest>(),
  sent: (state) =>
    state.phase === 'contacting'
      ? {
          state: { ...known(state), name: 'AWAITING_RESPONSE' },
          changes: [],
          effects: [],
        }
      : { state: { ...state, phase: 'awaitingOffer' }, changes: [], effects: [] },
  offer: (state, { offer }) => {
    if (state.phase === 'contacting') return unexpected(state, 'Offer')
    const difference = offerDifference(state.plan, offer)
    if (difference !== undefined) return offerChanged(state, difference)
    const missing = offer.required.filter((field) => !hasField(state.plan, field))
    if (missing.length > 0) {
      return refused(state, {
        type: 'ProvisioningResult',
        approved: false,
        code: 'identity_required',
        reason: 'the inviter requires more than is disclosed',
        fields: missing,
      })
    }
    return {
      state: { name: 'SENDING_REQUEST', plan: state.plan, offer, phase: 'contacting' },
      changes: [],
      effects: [{ type: 'sendContact', plan: state.plan, agreed: offer }],
    }
  },
  // A quick answer can overtake the news that our own bytes have left.
  approval: (state, event) =>
    state.phase === 'contacting' ? validate(state, event) : unexpected(state, 'ProvisioningResult'),
  streamEnded: (state) => endFailed(state, 'peer_ended'),
}

function hasField(plan: Plan, field: string): boolean {
  return (ownMember(plan.identity, field) ?? '').trim() !== ''
}

function known(state: SendingRequest | AwaitingResponse) {
  return compact({ plan: state.plan, offer: state.offer })
}

function validate(
  state: SendingRequest | AwaitingResponse,
  { approval, responseHash, contentHash }: OfType<DialerEvent, 'approval'>,
): DialerTransition {
  const { plan, offer } = state
  const { kept } = plan
  if (kept !== undefined && kept.redemptionId !== approval.redemptionId)
    return begunAnew(state, kept)
  const answer = compact({ approval, responseHash, contentHash })
  return {
    state: { ...known(state), name: 'VALIDATING_RESPONSE', ...answer },
    changes: [],
    effects: [compact({ type: 'checkResponse', plan, approval, contentHash, offer })],
  }
}

const awaitingResponse: DialerRow<'AWAITING_RESPONSE'> = {
  ...liveDialerAnswers<AwaitingResponse>(),
  approval: validate,
  streamEnded: (state) => endFailed(state, 'peer_ended'),
}

const validatingResponse: DialerRow<'VALIDATING_RESPONSE'> = {
  ...liveDialerAnswers<ValidatingResponse>(),
  responseAccepted: (state) => {
    const { plan, approval, responseHash, contentHash } = state
    const { built } = approval
    if (built === undefined) {
      return {
        state: { ...state, name: 'PROVISIONING_DB' },
        changes: [{ type: 'intendBuild', plan, approval }],
        effects: [{ type: 'provision', plan, approval }],
      }
    }
    // The inviter committed before it answered, so what is stored here is confirmed at once.
    return {
      state: { ...state, name: 'ACKNOWLEDGING', built },
      changes: [
        compact({ type: 'keepTally', plan, approval, built, contentHash, status: 'confirmed' }),
      ],
      effects: [{ type: 'sendAcknowledgment', redemptionId: approval.redemptionId, responseHash }],
    }
  },
  responseRejected: (state, { problem }) => endFailed(state, 'response_invalid', problem),
  // An inviter that has built has promised: a "no" after that is no answer.
  refusal: (state, { refusal }) =>
    state.approval.built === undefined
      ? refused(state, refusal)
      : unexpected(state, 'ProvisioningResult'),
  // The answer is here; whether the stream lives on does not matter yet.
  streamClosed: (state) => ({ state, changes: [], effects: [] }),
}

// Both sides hold the tally: whatever happens now, this session is done. If the acknowledgment is
// lost, the inviter hears of it with the next contact.
const acknowledging: DialerRow<'ACKNOWLEDGING'> = {
  ...liveDialerAnswers<Acknowledging>(),
  offer: complete,
  approval: complete,
  refusal: complete,
  receipt: complete,
  strayMessage: complete,
  frameRejected: complete,
  streamClosed: complete,
  sent: complete,
  sendFailed: complete,
  hookFailed: complete,
  effectFailed: complete,
  superseded: complete,
  stepDeadline: complete,
  sessionDeadline: complete,
  crashed: complete,
  cancelled: complete,
}

function complete(state: Acknowledging | AwaitingReceipt): DialerTransition {
  return {
    state: { ...state, name: 'COMPLETED' },
    changes: [],
    effects: [{ type: 'close' }],
  }
}

const provisioningDb: DialerRow<'PROVISIONING_DB'> = {
  ...liveDialerAnswers<DialerProvisioning>(),
  provisioned: (state, { built }) => {
    const { plan, approval, contentHash } = state
    const answer: DialerTransition = {
      state: { ...state, name: 'SENDING_RESULT', built },
      changes: [compact({ type: 'keepTally', plan, approval, built, contentHash, status: 'held' })],
      effects: [{ type: 'sendResult', redemptionId: approval.redemptionId, built }],
    }
    // The inviter approved anew, so it has given up what we built for its earlier approval.
    return plan.held === undefined || plan.held === built.tally.tallyId
      ? answer
      : letGo(answer, plan, plan.held)
  },
}

const sendingResult: DialerRow<'SENDING_RESULT'> = {
  ...liveDialerAnswers<SendingResult>(),
  sent: (state) => ({
    state: { ...state, name: 'AWAITING_RECEIPT' },
    changes: [],
    effects: [],
  }),
  receipt: receiptFor,
}

const awaitingReceipt: DialerRow<'AWAITING_RECEIPT'> = {
  ...liveDialerAnswers<AwaitingReceipt>(),
  receipt: receiptFor,
  streamEnded: (state) => endFailed(state, 'peer_ended'),
}

function receiptFor(
  state: SendingResult | AwaitingReceipt,
  { receipt, problem }: OfType<DialerEvent, 'receipt'>,
): DialerTransition {
  const { plan, built, approval } = state
  const tallyId = built.tally.tallyId
  if (receipt.redemptionId !== approval.redemptionId || receipt.tallyId !== tallyId) {
    return endFailed(state, 'receipt_invalid', 'the receipt is about something else')
  }
  if (receipt.outcome === 'confirmed') {
    if (problem !== undefined) return endFailed(state, 'receipt_invalid', problem)
    const { signature } = receipt
    const answer = complete({ ...state, name: 'AWAITING_RECEIPT' })
    return { ...answer, changes: [compact({ type: 'confirmTally', plan, tallyId, signature })] }
  }
  const { code: reason = 'database_refused', reason: detail } = receipt
  const failure = compact({ reason, step: state.name, detail })
  return {
    state: { name: 'FAILED', plan, failure },
    changes: [
      { type: 'discardTally', plan, tallyId },
      { type: 'oweRemoval', plan, tallyId, reason },
    ],
    effects: [{ type: 'deprovision' }, { type: 'close' }],
  }
}

/** The invitee's machine: every state's answer to every event. */
export const DIALER_TABLE: { readonly [Name in DialerStateName]: DialerRow<Name> } = {
  CREATED: created,
  CONNECTING: connecting,
  SENDING_REQUEST: sendingRequest,
  AWAITING_RESPONSE: awaitingResponse,
  VALIDATING_RESPONSE: validatingResponse,
  ACKNOWLEDGING: acknowledging,
  PROVISIONING_DB: provisioningDb,
  SENDING_RESULT: sendingResult,
  AWAITING_RECEIPT: awaitingReceipt,
  COMPLETED: finalDialerAnswers<DialerCompleted>(),
  FAILED: finalDialerAnswers<DialerFailed>(),
  TIMEOUT: finalDialerAnswers<DialerTimedOut>(),
}

/** `(state, event) → transition`. Pure; never throws. */
export function dialerStep(state: DialerState, event: DialerEvent): DialerTransition {
  // See listenerStep: the pairing holds by the table's type.
  const answer = DIALER_TABLE[state.name][event.type] as (
    state: DialerState,
    event: DialerEvent,
  ) => DialerTransition
  return answer(state, event)
}

/** The state of a session that is about to begin. */
export function dialerStart(plan: Plan): DialerState {
  return { name: 'CREATED', plan }
}
