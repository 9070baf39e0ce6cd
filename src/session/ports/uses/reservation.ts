import type { RefusalCode } from '../../../protocol/message/messages.ts'
import type { Claim, Grant, OfferedTerms } from '../../machine/listener-state.ts'

/** A request to reserve a use of a token. */
export interface ReserveRequest {
  readonly redemptionId: string
  readonly sessionId: string
  readonly grant: Grant
  readonly inviter: string
  readonly peerId: string
  readonly bootstrapId: string
  readonly requestHash: string
  readonly another: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The time until which the reservation stands if nothing more happens, milliseconds since the epoch. */
  readonly reservedUntil: number
  /** Ids of the sessions that are under way in this process, as they are when the request is judged. */
  readonly running: ReadonlySet<string>
  /** The peer has agreed to other terms than these: nothing new is given, what it has already stands. */
  readonly isOfferOld?: true
  /** The refusal of all but what this peer was answered before: nothing new can be given at the moment. */
  readonly unlessAnswered?: RefusedUse
}

/** No use is given. */
export interface RefusedUse {
  readonly kind: 'refused'
  readonly code: RefusalCode
  readonly reason: string
  readonly retryAfterMs?: number
  /** As that of a `Refusal`. */
  readonly pendingUntil?: number
}

/** After how many ms to ask again about an invitation that is paused: a person decides that. */
const PAUSED_RETRY_MS = 60_000

/** The invitation gives nothing new for now. */
export const PAUSED = {
  kind: 'refused',
  code: 'paused',
  reason: 'this invitation is paused',
  retryAfterMs: PAUSED_RETRY_MS,
} as const satisfies RefusedUse

/** After how many ms to ask again about a request that waits for a person: soon after its yes, and seldom enough for days. */
const PENDING_RETRY_MS = 30_000

/** The inviter has yet to say yes or no. */
export const NOT_YET = {
  kind: 'refused',
  code: 'pending',
  reason: 'the inviter has yet to say yes',
  retryAfterMs: PENDING_RETRY_MS,
} as const satisfies RefusedUse

/** Known to the ledger of its own token, and not said by a hook of the inviter's. */
interface LedgersWord {
  /** The inviter says yes or no to each request. */
  readonly byHand?: true
}

/** The terms of a redemption do not change while it lasts. */
interface ReservedOn extends LedgersWord {
  /** The terms that the use was reserved on, if the token has others by now. */
  readonly offered?: OfferedTerms
}

/** The result of a request to reserve a use. */
export type ReserveOutcome =
  | ({ readonly kind: 'reserved'; readonly claim: Claim } & ReservedOn)
  /** The same request was answered before; the bytes of the answer are stored. */
  | ({ readonly kind: 'replayed'; readonly claim: Claim; readonly tallyId: string } & ReservedOn)
  /** An invitation by hand, and the inviter was not asked about this request yet. Nothing is reserved. */
  | ({ readonly kind: 'unasked' } & LedgersWord)
  | RefusedUse

/** A question about a redemption that was not asked for yet. */
export interface ProspectRequest extends Pick<ReserveRequest, 'grant' | 'peerId' | 'another'> {
  /** Of the request that may follow, if it is known. */
  readonly bootstrapId?: string | undefined
}

/** How `reserve` would answer this peer now. */
export type Prospect =
  | ({ readonly kind: 'free' } & LedgersWord)
  /** A use is this peer's. `isAnswered`: an answer is stored, which it gets whatever became of the token. */
  | ({ readonly kind: 'own'; readonly isAnswered: boolean } & ReservedOn)
  /** An invitation by hand: its request waits for the inviter's word, or has the inviter's yes. */
  | ({ readonly kind: 'asked' } & LedgersWord)
  | RefusedUse

/** A reservation whose deadline has passed. */
export interface LapsedReservation {
  readonly claim: Claim
  readonly tokenId: string
  readonly peerId: string
  readonly sessionId: string
  /** `reserved`, `provisioning` or `delegated` */
  readonly state: string
}
