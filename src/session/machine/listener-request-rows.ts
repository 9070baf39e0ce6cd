import { compact } from '../../protocol/base/compact.ts'
import { takeAcknowledgment } from './listener-acknowledgment.ts'
import { liveAnswers } from './listener-answers.ts'
import { failTelling, loseStream, peerLeft, violation, voidApproval } from './listener-endings.ts'
import type { ListenerEvent } from './listener-event.ts'
import type {
  AskingInviter,
  Created,
  ProvisioningDb,
  ReadingRequest,
  ValidatingIdentity,
  ValidatingToken,
} from './listener-state.ts'
import type { ListenerRow, ListenerTransition } from './rows.ts'
import { ignore, type OfType } from './transition.ts'

// What is asked for, and whether it may be given.

export const created: ListenerRow<'CREATED'> = {
  ...liveAnswers<Created>(),
  opened: ({ caller }) => ({
    state: { name: 'READING_REQUEST', caller, busy: 'no', inspected: false },
    changes: [],
    effects: [],
  }),
}

export const readingRequest: ListenerRow<'READING_REQUEST'> = {
  ...liveAnswers<ReadingRequest>(),
  inspect: (state, { type, ...asked }) =>
    state.inspected || state.busy !== 'no'
      ? violation(state, 'Inspect')
      : {
          state: { ...state, busy: 'offer', inspected: true },
          changes: [],
          effects: [{ type: 'describeOffer', ...asked }],
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
      effects: [{ type: 'claimToken', tokenId, contact }],
    }
  },
  acknowledgment: (state, event) =>
    state.busy === 'no' && !state.inspected
      ? takeAcknowledgment(
          { name: 'COMPLETED', caller: state.caller, awaitsAck: false, only: 'acknowledged' },
          event,
        )
      : violation(state, 'Acknowledgment'),
  decline: (state, { tokenId, reason }) =>
    state.busy === 'no'
      ? {
          state: { ...state, busy: 'decline' },
          changes: [],
          effects: [compact({ type: 'checkDecline', tokenId, reason })],
        }
      : violation(state, 'Decline'),
  declineRecognised: (state, { tokenId, reason }) => ({
    state: {
      name: 'FAILED',
      caller: state.caller,
      tokenId,
      failure: compact({ reason: 'declined', step: 'READING_REQUEST', detail: reason }),
    },
    changes: [compact({ type: 'decline', tokenId, peerId: state.caller.peerId, reason })],
    effects: [{ type: 'close' }],
  }),
  // Looking and leaving is no attempt, and is not recorded: but for one that an alarm is about.
  tokenRefused: refuseRequest,
  streamEnded: (state) => {
    if (state.busy !== 'no') return ignore(state)
    return state.inspected ? looked(state) : peerLeft(state)
  },
  streamClosed: (state, event) =>
    // The offer may be what was too much for the relay.
    state.inspected && state.busy === 'no' && event.bound === undefined
      ? looked(state)
      : loseStream(state, event),
}

function refuseRequest(
  state: ReadingRequest | ValidatingToken,
  { denial, recognised, tokenId }: OfType<ListenerEvent, 'tokenRefused'>,
): ListenerTransition {
  return failTelling(state, denial, denial.code, recognised ? { tokenId } : {})
}

/** The invitee has seen the offer, which is all it wanted on this stream. */
function looked({ caller }: ReadingRequest): ListenerTransition {
  return {
    state: { name: 'COMPLETED', caller, awaitsAck: false, only: 'looked' },
    changes: [],
    effects: [{ type: 'close' }],
  }
}

export const validatingToken: ListenerRow<'VALIDATING_TOKEN'> = {
  ...liveAnswers<ValidatingToken>(),
  tokenRefused: refuseRequest,
  useHeld: (state, { grant, claim }) => ({
    state: { ...state, held: { grant, claim } },
    changes: [],
    effects: [{ type: 'askHost', grant, claim }],
  }),
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
  approvalNeeded: ({ caller, contact }, { grant }) => ({
    state: { name: 'ASKING_INVITER', caller, contact, grant },
    changes: [],
    // What the inviter is asked about is in order: it is bothered with nothing else.
    effects: [
      { type: grant.required.length === 0 ? 'keepRequest' : 'checkIdentity', contact, grant },
    ],
  }),
  tokenReplayed: ({ caller, contact }, { grant, claim, tallyId }) => ({
    state: { name: 'SENDING_RESPONSE', caller, contact, grant, claim, tallyId },
    changes: [],
    effects: [
      { type: 'sendStoredResponse', redemptionId: claim.redemptionId },
      // Whoever committed it may have died, or its host may have been away, before the host was told.
      { type: 'markUsed', claim, tokenId: grant.tokenId },
    ],
  }),
  approvalVoid: voidApproval,
}

export const askingInviter: ListenerRow<'ASKING_INVITER'> = {
  ...liveAnswers<AskingInviter>(),
  identityAccepted: (state) => {
    const { contact, grant } = state
    return { state, changes: [], effects: [{ type: 'keepRequest', contact, grant }] }
  },
  identityRefused: (state, { denial }) => failTelling(state, denial),
  requestKept: (state, { denial, redemptionId }) =>
    failTelling(state, denial, denial.code, { redemptionId }),
  tokenRefused: (state, { denial }) => failTelling(state, denial),
}

export const validatingIdentity: ListenerRow<'VALIDATING_IDENTITY'> = {
  ...liveAnswers<ValidatingIdentity>(),
  identityAccepted: (state) => beginProvisioning({ ...state, name: 'PROVISIONING_DB' }),
  identityRefused: (state, { denial }) => failTelling(state, denial),
  approvalVoid: voidApproval,
}

function beginProvisioning(state: ProvisioningDb): ListenerTransition {
  const { contact, grant, claim } = state
  return grant.role === 'stock'
    ? {
        state,
        changes: [{ type: 'intendProvision', claim, grant }],
        effects: [{ type: 'provision', contact, grant, claim }],
      }
    : {
        state,
        changes: [{ type: 'approve', claim, grant }],
        effects: [{ type: 'delegate', contact, grant, claim }],
      }
}
