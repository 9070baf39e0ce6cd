import type { RelayBound } from '../../protocol/base/relay-bound.ts'
import type {
  BuiltDatabase,
  MessageType,
  Offer,
  RefusalCode,
} from '../../protocol/message/messages.ts'
import type { ReceiptMarks } from '../../protocol/receipt/receipt.ts'
import type { DatabaseCause } from './failure.ts'
import type { Claim, ContactFacts, Grant } from './listener-state.ts'

/** A "no" that goes to the peer. */
export interface Denial {
  readonly code: RefusalCode
  readonly reason: string
  readonly retryAfterMs?: number
  /** As that of a `Refusal`. */
  readonly pendingUntil?: number
  readonly fields?: readonly string[]
}

/** Something that happens to a session on the inviter's side. Free of secrets: the journal holds it. */
export type ListenerEvent =
  /** The stream was admitted. */
  | { readonly type: 'opened' }
  // what the peer says
  | {
      readonly type: 'inspect'
      readonly tokenId: string
      readonly bootstrapId?: string
      readonly another?: true
    }
  | {
      readonly type: 'contact'
      readonly tokenId: string
      readonly contact: ContactFacts
      readonly partyId: string
    }
  | {
      readonly type: 'databaseResult'
      readonly redemptionId: string
      readonly built: BuiltDatabase
      readonly signature?: string
      readonly opening?: string
    }
  | {
      readonly type: 'acknowledgment'
      readonly redemptionId: string
      readonly responseHash: string
      readonly signature?: string
      readonly opening?: string
    }
  | { readonly type: 'decline'; readonly tokenId: string; readonly reason?: string }
  /** A message that only an inviter sends. */
  | { readonly type: 'strayMessage'; readonly message: MessageType }
  /** Bytes that are no frame, or a frame that is no message. */
  | { readonly type: 'frameRejected'; readonly problem: string }
  /** The peer will send nothing more. */
  | { readonly type: 'streamEnded' }
  /** `bound`: of a relay between the two, reached by then. */
  | { readonly type: 'streamClosed'; readonly bound?: RelayBound }
  // what our effects came to
  | { readonly type: 'offerReady'; readonly offer: Offer; readonly tokenId: string }
  | {
      readonly type: 'tokenRefused'
      readonly denial: Denial
      readonly recognised: boolean
      readonly tokenId: string
    }
  /** Reserved here; the host has yet to agree. */
  | { readonly type: 'useHeld'; readonly grant: Grant; readonly claim: Claim }
  | { readonly type: 'tokenReserved'; readonly grant: Grant; readonly claim: Claim }
  /** An invitation by hand, and the inviter knows nothing of this request yet. */
  | { readonly type: 'approvalNeeded'; readonly grant: Grant }
  /** The request is kept for the inviter's word. */
  | { readonly type: 'requestKept'; readonly denial: Denial; readonly redemptionId: string }
  /** The same request was answered before: its stored answer is to go out again. */
  | {
      readonly type: 'tokenReplayed'
      readonly grant: Grant
      readonly claim: Claim
      readonly tallyId: string
    }
  | { readonly type: 'declineRecognised'; readonly tokenId: string; readonly reason?: string }
  | { readonly type: 'identityAccepted' }
  | { readonly type: 'identityRefused'; readonly denial: Denial }
  | { readonly type: 'provisioned'; readonly built: BuiltDatabase }
  | { readonly type: 'provisionRefused'; readonly denial: Denial }
  | { readonly type: 'delegated'; readonly buildWithinMs: number }
  | {
      readonly type: 'databaseAccepted'
      readonly built: BuiltDatabase
      /** There if the invitee has signed one. */
      readonly receipt?: ReceiptMarks
    }
  /** The same result was accepted before: its stored receipt is to go out again. */
  | { readonly type: 'databaseReplayed' }
  | { readonly type: 'databaseRefused'; readonly denial: Denial }
  /** Another result was accepted for this redemption before: that one stands. */
  | { readonly type: 'databaseContradicted'; readonly denial: Denial }
  /** The invitee's signature under the receipt is good; or there is no receipt, and then no signature either. */
  | {
      readonly type: 'acknowledgmentVerified'
      readonly redemptionId: string
      readonly responseHash: string
      readonly signature?: string
      readonly opening?: string
    }
  /** It is not. */
  | { readonly type: 'acknowledgmentForged'; readonly redemptionId: string }
  | { readonly type: 'sent' }
  | { readonly type: 'sendFailed' }
  | {
      readonly type: 'hookFailed'
      readonly hook: 'token' | 'identity' | 'database'
      readonly detail: string
      /** Of the database hook. */
      readonly cause?: DatabaseCause
    }
  /** Something of ours could not be done: a message that can't be encoded, a port that threw. */
  | { readonly type: 'effectFailed'; readonly detail: string }
  /** The token was revoked after it was checked: nothing is built on that check. */
  | { readonly type: 'approvalVoid'; readonly grant: Grant; readonly claim: Claim }
  /** Another session of the same redemption took over. */
  | { readonly type: 'superseded' }
  // what the clock and the operator say
  | { readonly type: 'stepDeadline' }
  | { readonly type: 'sessionDeadline' }
  /** Recovery found the session unfinished, and nobody working on it. */
  | { readonly type: 'crashed' }
  | { readonly type: 'cancelled'; readonly denial: Denial }
  /** The node stops: as `cancelled`, but what the session holds stays held. */
  | { readonly type: 'parked'; readonly denial: Denial }

export type ListenerEventType = ListenerEvent['type']
