import type { ListenerRow, ListenerTransition } from './listener-answers.ts'
import {
  failTelling,
  finalAnswers,
  liveAnswers,
  markUsed,
  peerLeft,
  refuseDatabase,
  violation,
} from './listener-answers.ts'
import type { ListenerEvent } from './listener-event.ts'
import type {
  AwaitingAck,
  Completed,
  Created,
  Failed,
  ListenerState,
  ListenerStateName,
  ProvisioningDb,
  ReadingRequest,
  SendingResponse,
  TimedOut,
  ValidatingIdentity,
  ValidatingToken,
} from './listener-state.ts'
import { ignore } from './transition.ts'

const created: ListenerRow<'CREATED'> = {
  ...liveAnswers<Created>(),
  opened: ({ caller }) => ({
    state: { name: 'READING_REQUEST', caller, busy: 'no', inspected: false },
    changes: [],
    effects: [],
  }),
}

const readingRequest: ListenerRow<'READING_REQUEST'> = {
  ...liveAnswers<ReadingRequest>(),
  inspect: (state) =>
    state.inspected
      ? violation(state, 'second Inspect')
      : {
          state: { ...state, busy: 'offer', inspected: true },
          changes: [],
          effects: [{ type: 'describeOffer' }],
        },
  offerReady: (state, { offer }) => ({
    state: { ...state, busy: 'no' },
    changes: [],
    effects: [{ type: 'sendOffer', offer }],
  }),
  contact: (state, { tokenId, contact, partyId }) => {
    if (state.busy !== 'no') return violation(state, 'InboundContact')
    if (partyId !== state.caller.peerId) {
      return failTelling(state, {
        code: 'party_id_mismatch',
        reason: 'the party id is not the peer id of this connection',
      })
    }
    return {
      state: { name: 'VALIDATING_TOKEN', caller: state.caller, tokenId, contact },
      changes: [],
      effects: [{ type: 'claimToken' }],
    }
  },
  acknowledgment: (state, { redemptionId, responseHash }) =>
    state.busy === 'no' && !state.inspected
      ? {
          state: { name: 'COMPLETED', caller: state.caller },
          changes: [{ type: 'confirm', redemptionId, peerId: state.caller.peerId, responseHash }],
          effects: [{ type: 'close' }],
        }
      : violation(state, 'Acknowledgment'),
  decline: (state, { reason }) =>
    state.busy === 'no'
      ? {
          state: { ...state, busy: 'decline' },
          changes: [],
          effects: [{ type: 'checkDecline', ...(reason === undefined ? {} : { reason }) }],
        }
      : violation(state, 'Decline'),
  declineRecognised: (state, { tokenId, reason }) => ({
    state: {
      name: 'FAILED',
      caller: state.caller,
      tokenId,
      failure: {
        reason: 'declined',
        step: 'READING_REQUEST',
        ...(reason === undefined ? {} : { detail: reason }),
      },
    },
    changes: [
      {
        type: 'decline',
        tokenId,
        peerId: state.caller.peerId,
        ...(reason === undefined ? {} : { reason }),
      },
    ],
    effects: [{ type: 'close' }],
  }),
  // Looking and leaving is no attempt: nothing was recognised, nothing is recorded.
  tokenRefused: (state, { denial }) => failTelling(state, denial),
  streamEnded: (state) => (state.busy === 'no' ? peerLeft(state) : ignore(state)),
}

const validatingToken: ListenerRow<'VALIDATING_TOKEN'> = {
  ...liveAnswers<ValidatingToken>(),
  tokenRefused: (state, { denial, recognised, tokenId }) =>
    failTelling(state, denial, denial.code, recognised ? { tokenId } : {}),
  tokenReserved: ({ caller, contact }, { grant, claim }) => {
    const known = { caller, contact, grant, claim }
    return grant.required.length === 0
      ? beginProvisioning({ name: 'PROVISIONING_DB', ...known })
      : {
          state: { name: 'VALIDATING_IDENTITY', ...known },
          changes: [],
          effects: [{ type: 'checkIdentity', contact, grant }],
        }
  },
  tokenReplayed: ({ caller, contact }, { grant, claim, tallyId }) => ({
    state: { name: 'SENDING_RESPONSE', caller, contact, grant, claim, tallyId, replayed: true },
    changes: [],
    effects: [{ type: 'sendStoredResponse', redemptionId: claim.redemptionId }],
  }),
}

const validatingIdentity: ListenerRow<'VALIDATING_IDENTITY'> = {
  ...liveAnswers<ValidatingIdentity>(),
  identityAccepted: (state) => beginProvisioning({ ...state, name: 'PROVISIONING_DB' }),
  identityRefused: (state, { denial }) => failTelling(state, denial),
}

function beginProvisioning(state: ProvisioningDb): ListenerTransition {
  const { contact, grant, claim } = state
  return grant.role === 'stock'
    ? {
        state,
        changes: [{ type: 'intendProvision', claim }],
        effects: [{ type: 'provision', contact, grant, claim }],
      }
    : { state, changes: [], effects: [{ type: 'delegate', claim }] }
}

const provisioningDb: ListenerRow<'PROVISIONING_DB'> = {
  ...liveAnswers<ProvisioningDb>(),
  provisioned: (state, { built }) => ({
    state: {
      ...state,
      name: 'SENDING_RESPONSE',
      tallyId: built.tally.tallyId,
      replayed: false,
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
  delegated: (state, { buildWithinMs }) => ({
    state: {
      ...state,
      name: 'SENDING_RESPONSE',
      tallyId: state.claim.tallyId,
      replayed: false,
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

const sendingResponse: ListenerRow<'SENDING_RESPONSE'> = {
  ...liveAnswers<SendingResponse>(),
  sent: ({ caller, contact, grant, claim, tallyId }) =>
    grant.role === 'stock'
      ? {
          state: {
            name: 'COMPLETED',
            caller,
            tokenId: grant.tokenId,
            role: grant.role,
            claim,
            tallyId,
          },
          changes: [],
          effects: [],
        }
      : {
          state: { name: 'AWAITING_ACK', caller, contact, grant, claim, tallyId, checking: false },
          changes: [],
          effects: [],
        },
}

const awaitingAck: ListenerRow<'AWAITING_ACK'> = {
  ...liveAnswers<AwaitingAck>(),
  databaseResult: (state, { redemptionId, built }) => {
    if (state.checking) return violation(state, 'second DatabaseResult')
    if (redemptionId !== state.claim.redemptionId) {
      return failTelling(state, {
        code: 'mismatch',
        reason: 'the database result is about another redemption',
      })
    }
    const { contact, grant, claim } = state
    return {
      state: { ...state, checking: true },
      changes: [],
      effects: [{ type: 'verifyDatabase', built, contact, grant, claim }],
    }
  },
  databaseAccepted: ({ caller, contact, grant, claim }, { built }) => ({
    state: {
      name: 'COMPLETED',
      caller,
      tokenId: grant.tokenId,
      role: grant.role,
      claim,
      tallyId: built.tally.tallyId,
    },
    changes: [{ type: 'commitDelegated', claim, contact, grant, built }],
    effects: [
      { type: 'sendStoredReceipt', redemptionId: claim.redemptionId },
      markUsed(claim, grant),
    ],
  }),
  databaseReplayed: ({ caller, grant, claim, tallyId }) => ({
    state: { name: 'COMPLETED', caller, tokenId: grant.tokenId, role: grant.role, claim, tallyId },
    changes: [],
    effects: [{ type: 'sendStoredReceipt', redemptionId: claim.redemptionId }],
  }),
  databaseRefused: (state, { denial }) => refuseDatabase(state, denial),
  streamEnded: (state) => (state.checking ? ignore(state) : peerLeft(state)),
}

const completed: ListenerRow<'COMPLETED'> = {
  ...finalAnswers<Completed>(),
  // The session is over; the redemption hears that the invitee has stored the answer.
  acknowledgment: (state, { redemptionId, responseHash }) =>
    state.claim?.redemptionId === redemptionId
      ? {
          state,
          changes: [{ type: 'confirm', redemptionId, peerId: state.caller.peerId, responseHash }],
          effects: [{ type: 'close' }],
        }
      : { state, changes: [], effects: [{ type: 'reset' }] },
  streamEnded: (state) => ({ state, changes: [], effects: [{ type: 'close' }] }),
  frameRejected: (state) => ({ state, changes: [], effects: [{ type: 'reset' }] }),
}

/** The inviter's machine: every state's answer to every event. */
export const LISTENER_TABLE: { readonly [Name in ListenerStateName]: ListenerRow<Name> } = {
  CREATED: created,
  READING_REQUEST: readingRequest,
  VALIDATING_TOKEN: validatingToken,
  VALIDATING_IDENTITY: validatingIdentity,
  PROVISIONING_DB: provisioningDb,
  SENDING_RESPONSE: sendingResponse,
  AWAITING_ACK: awaitingAck,
  COMPLETED: completed,
  FAILED: finalAnswers<Failed>(),
  TIMEOUT: finalAnswers<TimedOut>(),
}

/** `(state, event) → transition`. Pure; never throws. */
export function listenerStep(state: ListenerState, event: ListenerEvent): ListenerTransition {
  // The table's type pairs each state and event with a handler of just those; the compiler can't
  // follow the pairing through two lookups, so the pair is put together again here.
  const answer = LISTENER_TABLE[state.name][event.type] as (
    state: ListenerState,
    event: ListenerEvent,
  ) => ListenerTransition
  return answer(state, event)
}

/** The state of a session whose stream has just been admitted. */
export function listenerStart(sessionId: string, peerId: string): ListenerState {
  return { name: 'CREATED', caller: { sessionId, peerId } }
}
