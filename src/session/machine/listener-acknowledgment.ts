import type { Denial, ListenerEvent } from './listener-event.ts'
import type { Completed } from './listener-state.ts'
import type { ListenerTransition } from './rows.ts'
import { ignore, type OfType } from './transition.ts'

// The invitee says that it has stored the answer. What was committed stands, whatever it says.

type Said = Pick<
  OfType<ListenerEvent, 'acknowledgment'>,
  'redemptionId' | 'responseHash' | 'signature' | 'opening'
>

const FORGED: Denial = {
  code: 'protocol_violation',
  reason: 'the signature under the receipt is not yours',
}

/** For an invitee that acknowledges an answer which was taken back. */
const WITHDRAWN: Denial = {
  code: 'withdrawn',
  reason: 'this was not acknowledged for long, and was withdrawn',
}

/** An invitee that signs no receipts is believed as it always was; a signature is checked first. */
export function takeAcknowledgment(
  state: Completed,
  { type: _, signature, ...said }: OfType<ListenerEvent, 'acknowledgment'>,
): ListenerTransition {
  if (signature === undefined) return confirm(state, said)
  return {
    state: { ...state, verifying: true },
    changes: [],
    effects: [{ type: 'verifyAcknowledgment', ...said, signature }],
  }
}

export function acknowledgmentVerified(
  state: Completed,
  { type, ...said }: OfType<ListenerEvent, 'acknowledgmentVerified'>,
): ListenerTransition {
  return state.verifying === true ? confirm(state, said) : ignore(state)
}

export function acknowledgmentForged(
  state: Completed,
  { redemptionId }: OfType<ListenerEvent, 'acknowledgmentForged'>,
): ListenerTransition {
  if (state.verifying !== true) return ignore(state)
  return {
    state,
    changes: [{ type: 'noteForgery', redemptionId }],
    effects: [{ type: 'refuse', denial: FORGED }],
  }
}

function confirm(state: Completed, said: Said): ListenerTransition {
  return {
    state,
    changes: [{ type: 'confirm', peerId: state.caller.peerId, ...said }],
    effects: [{ type: 'close', ifWithdrawn: WITHDRAWN }],
  }
}
