import type { RelayBound } from '../../protocol/base/relay-bound.ts'
import type {
  Approval,
  BuiltDatabase,
  MessageType,
  Offer,
  Receipt,
  Refusal,
} from '../../protocol/message/messages.ts'
import type { Plan } from './dialer-state.ts'
import type { DatabaseCause, DialCause } from './failure.ts'

/** Something that happens to a session on the invitee's side. Free of secrets. */
export type DialerEvent =
  /** The plan is told again for the journal: replaying it needs nothing else. */
  | { readonly type: 'started'; readonly plan: Plan }
  | { readonly type: 'connected'; readonly address: string }
  | {
      readonly type: 'dialFailed'
      readonly cause: DialCause
      readonly detail: string
    }
  // what the peer says
  | { readonly type: 'offer'; readonly offer: Offer }
  | {
      readonly type: 'approval'
      readonly approval: Approval
      readonly responseHash: string
      /** Of the answer, for the receipt; see `payloadContentHash`. In memory only: the journal leaves it out. */
      readonly contentHash?: string
    }
  | { readonly type: 'refusal'; readonly refusal: Refusal }
  /** `problem`: what is wrong with its signature. */
  | { readonly type: 'receipt'; readonly receipt: Receipt; readonly problem?: string }
  /** A message that only an invitee sends. */
  | { readonly type: 'strayMessage'; readonly message: MessageType }
  | { readonly type: 'frameRejected'; readonly problem: string }
  | { readonly type: 'streamEnded' }
  /** `bound`: of a relay between the two, reached by then. */
  | { readonly type: 'streamClosed'; readonly bound?: RelayBound }
  // what our effects came to
  | { readonly type: 'sent' }
  | { readonly type: 'sendFailed' }
  | { readonly type: 'responseAccepted' }
  | { readonly type: 'responseRejected'; readonly problem: string }
  | { readonly type: 'provisioned'; readonly built: BuiltDatabase }
  | {
      readonly type: 'hookFailed'
      readonly hook: 'database'
      readonly detail: string
      readonly cause?: DatabaseCause
    }
  /** Something of ours could not be done: a message that can't be encoded, a port that threw. */
  | { readonly type: 'effectFailed'; readonly detail: string }
  /** Another process, or another session of this one, works on the link. */
  | { readonly type: 'busy' }
  /** Another session took the attempt over. */
  | { readonly type: 'superseded' }
  // what the clock and the user say
  | { readonly type: 'stepDeadline' }
  | { readonly type: 'sessionDeadline' }
  /** Recovery found the session unfinished, and nobody working on it. */
  | { readonly type: 'crashed' }
  | { readonly type: 'cancelled'; readonly detail: string }

export type DialerEventType = DialerEvent['type']
