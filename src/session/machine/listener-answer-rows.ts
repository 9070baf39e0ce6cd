import { compact } from '../../protocol/base/compact.ts'
import {
  acknowledgmentForged,
  acknowledgmentVerified,
  takeAcknowledgment,
} from './listener-acknowledgment.ts'
import { finalAnswers, liveAnswers } from './listener-answers.ts'
import type { ListenerEffect } from './listener-effect.ts'
import {
  failTelling,
  peerLeft,
  refuseDatabase,
  violation,
  voidApproval,
} from './listener-endings.ts'
import type { ListenerEvent } from './listener-event.ts'
import type {
  AwaitingAck,
  Claim,
  Completed,
  Grant,
  ProvisioningDb,
  SendingResponse,
} from './listener-state.ts'
import type { ListenerRow, ListenerTransition } from './rows.ts'
import { ignore, type OfType } from './transition.ts'

// What is given, and how it becomes certain.

export const provisioningDb: ListenerRow<'PROVISIONING_DB'> = {
  ...liveAnswers<ProvisioningDb>(),
  provisioned: (state, { built }) => ({
    state: {
      ...state,
      name: 'SENDING_RESPONSE',
      tallyId: built.tally.tallyId,
    },
    changes: [
      {
        type: 'commitBuilt',
        claim: state.claim,
        contact: state.contact,
        grant: state.grant,
        built,
      },
    ],
    effects: [
      { type: 'sendStoredResponse', redemptionId: state.claim.redemptionId },
      markUsed(state.claim, state.grant),
    ],
  }),
  provisionRefused: (state, { denial }) => failTelling(state, denial),
  approvalVoid: voidApproval,
  delegated: (state, { buildWithinMs }) => ({
    state: {
      ...state,
      name: 'SENDING_RESPONSE',
      tallyId: state.claim.tallyId,
    },
    changes: [
      {
        type: 'delegateProvision',
        claim: state.claim,
        contact: state.contact,
        grant: state.grant,
        buildWithinMs,
      },
    ],
    effects: [{ type: 'sendStoredResponse', redemptionId: state.claim.redemptionId }],
  }),
}

export const sendingResponse: ListenerRow<'SENDING_RESPONSE'> = {
  ...liveAnswers<SendingResponse>(),
  sent: (state) =>
    state.grant.role === 'stock'
      ? { state: completedFrom(state, true), changes: [], effects: [] }
      : { state: awaiting(state), changes: [], effects: [] },
  // A quick answer can overtake the news that our own bytes have left.
  acknowledgment: (state, event) =>
    state.grant.role === 'stock'
      ? acknowledged(completedFrom(state, true), event)
      : violation(state, 'Acknowledgment'),
  databaseResult: (state, event) =>
    state.grant.role === 'foil'
      ? checkResult(awaiting(state), event)
      : violation(state, 'DatabaseResult'),
}

function awaiting({ caller, contact, grant, claim, tallyId }: SendingResponse): AwaitingAck {
  return { name: 'AWAITING_ACK', caller, contact, grant, claim, tallyId, checking: false }
}

function completedFrom(state: SendingResponse | AwaitingAck, awaitsAck: boolean): Completed {
  const { caller, grant, claim, tallyId } = state
  const { tokenId, role } = grant
  return { name: 'COMPLETED', caller, awaitsAck, tokenId, role, claim, tallyId }
}

export const awaitingAck: ListenerRow<'AWAITING_ACK'> = {
  ...liveAnswers<AwaitingAck>(),
  databaseResult: checkResult,
  databaseAccepted: (state, { built, receipt }) => ({
    state: completedFrom({ ...state, tallyId: built.tally.tallyId }, false),
    changes: [
      compact({
        type: 'commitDelegated',
        claim: state.claim,
        contact: state.contact,
        grant: state.grant,
        built,
        receipt,
      }),
    ],
    effects: [
      { type: 'sendStoredReceipt', redemptionId: state.claim.redemptionId },
      markUsed(state.claim, state.grant),
    ],
  }),
  databaseReplayed: (state) => ({
    state: completedFrom(state, false),
    changes: [],
    effects: [{ type: 'sendStoredReceipt', redemptionId: state.claim.redemptionId }],
  }),
  databaseRefused: (state, { denial }) => refuseDatabase(state, denial),
  databaseContradicted: (state, { denial }) => failTelling(state, denial),
  streamEnded: (state) => (state.checking ? ignore(state) : peerLeft(state)),
}

function checkResult(
  state: AwaitingAck,
  { redemptionId, built, signature, opening }: OfType<ListenerEvent, 'databaseResult'>,
): ListenerTransition {
  if (state.checking) return violation(state, 'DatabaseResult')
  if (redemptionId !== state.claim.redemptionId) {
    return failTelling(state, {
      code: 'mismatch',
      reason: 'the database result is about another redemption',
    })
  }
  const { contact, grant, claim } = state
  return {
    state: { ...state, tallyId: built.tally.tallyId, checking: true },
    changes: [],
    effects: [
      compact({ type: 'verifyDatabase', built, contact, grant, claim, signature, opening }),
    ],
  }
}

export const completed: ListenerRow<'COMPLETED'> = {
  ...finalAnswers<Completed>(),
  // The session is over; the redemption hears that the invitee has stored the answer.
  acknowledgment: acknowledged,
  inspect: cut,
  contact: cut,
  databaseResult: cut,
  decline: cut,
  strayMessage: cut,
  frameRejected: cut,
  acknowledgmentVerified,
  acknowledgmentForged,
  streamEnded: (state) =>
    state.verifying === true ? ignore(state) : { state, changes: [], effects: [{ type: 'close' }] },
}

function acknowledged(
  state: Completed,
  event: OfType<ListenerEvent, 'acknowledgment'>,
): ListenerTransition {
  if (!state.awaitsAck || state.claim?.redemptionId !== event.redemptionId) return cut(state)
  return takeAcknowledgment({ ...state, awaitsAck: false }, event)
}

/** Ends the stream, which has nothing more to say. What was agreed stands. */
function cut(state: Completed): ListenerTransition {
  return { state, changes: [], effects: [{ type: 'reset' }] }
}

/** Tells the token hook that the use belongs to the peer for good. */
function markUsed(claim: Claim, grant: Grant): ListenerEffect {
  return { type: 'markUsed', claim, tokenId: grant.tokenId }
}
