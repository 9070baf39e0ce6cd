import type { Role } from '../../protocol/base/role.ts'
import type {
  Approval,
  BuiltDatabase,
  IdentityBundle,
  Offer,
} from '../../protocol/message/messages.ts'
import type { SessionFailure } from './failure.ts'

/** The part of an offer that the user agreed to. */
export type Consent = Pick<Offer, 'terms' | 'required'>

/** A tally that both sides had when it was kept here. */
export interface KeptTally {
  readonly tallyId: string
  /** The inviter's id of the redemption. */
  readonly redemptionId: string
  /** When it was approved, milliseconds since the epoch. */
  readonly since: number
}

/** The redemption that the invitee set out to do. Free of the secret; stored before the first dial. */
export interface Plan {
  readonly sessionId: string
  /** This side's durable record of the attempt; several sessions may belong to it. */
  readonly attemptId: string
  /** How many sessions the attempt had before; left out if none. */
  readonly retries?: number
  readonly bootstrapId: string
  /**
   * The number that the bootstrapId is the commitment to, for the words to compare. Left out once the inviter may have been
   * told it: of another answer there are no words then.
   */
  readonly opening?: string
  readonly tokenId: string
  /** The peer id that the link pins. */
  readonly inviter: string
  /** The older protocol that the link is of; left out for ours. */
  readonly protocol?: '1.0.0'
  readonly localPeer: string
  /** The inviter's role, as the link says. */
  readonly role: Role
  /** Seconds since the epoch, as the link says. */
  readonly expiresAt: number
  readonly addresses: readonly string[]
  readonly identity: IdentityBundle
  readonly cadre: readonly string[]
  readonly another: boolean
  /** Ask for the offer first, and check it before anything is disclosed. */
  readonly inspectFirst: boolean
  /** The offer that the user agreed to, now or when the attempt was begun. */
  readonly consented?: Consent
  /** The tally that came of this attempt before, which the inviter has confirmed. */
  readonly kept?: KeptTally
  /** foil: the tally that an earlier session of this attempt built, not yet confirmed. */
  readonly held?: string
}

interface WithPlan {
  readonly plan: Plan
  /** The offer of this session, once heard. */
  readonly offer?: Offer
}

interface WithApproval extends WithPlan {
  readonly approval: Approval
  /** SHA-256 (hex) of the response as it came. */
  readonly responseHash: string
  /** As in the `approval` event; not there in a state that was replayed. */
  readonly contentHash?: string
}

export type DialerStep =
  | 'CREATED'
  | 'CONNECTING'
  | 'SENDING_REQUEST'
  | 'AWAITING_RESPONSE'
  | 'VALIDATING_RESPONSE'
  | 'ACKNOWLEDGING'
  | 'PROVISIONING_DB'
  | 'SENDING_RESULT'
  | 'AWAITING_RECEIPT'

export interface DialerCreated extends WithPlan {
  readonly name: 'CREATED'
}

export interface Connecting extends WithPlan {
  readonly name: 'CONNECTING'
}

export interface SendingRequest extends WithPlan {
  readonly name: 'SENDING_REQUEST'
  readonly phase: 'inspecting' | 'awaitingOffer' | 'contacting'
}

export interface AwaitingResponse extends WithPlan {
  readonly name: 'AWAITING_RESPONSE'
}

export interface ValidatingResponse extends WithApproval {
  readonly name: 'VALIDATING_RESPONSE'
}

export interface Acknowledging extends WithApproval {
  readonly name: 'ACKNOWLEDGING'
  readonly built: BuiltDatabase
}

export interface DialerProvisioning extends WithApproval {
  readonly name: 'PROVISIONING_DB'
}

export interface SendingResult extends WithApproval {
  readonly name: 'SENDING_RESULT'
  readonly built: BuiltDatabase
}

export interface AwaitingReceipt extends WithApproval {
  readonly name: 'AWAITING_RECEIPT'
  readonly built: BuiltDatabase
}

export interface DialerCompleted extends WithApproval {
  readonly name: 'COMPLETED'
  readonly built: BuiltDatabase
}

interface DialerEnded extends WithPlan {
  readonly failure: SessionFailure<DialerStep>
  /** Present when a tally is held that the inviter has not confirmed. */
  readonly held?: BuiltDatabase
}

export interface DialerFailed extends DialerEnded {
  readonly name: 'FAILED'
}

export interface DialerTimedOut extends DialerEnded {
  readonly name: 'TIMEOUT'
}

/** The invitee's side of one session. */
export type DialerState =
  | DialerCreated
  | Connecting
  | SendingRequest
  | AwaitingResponse
  | ValidatingResponse
  | Acknowledging
  | DialerProvisioning
  | SendingResult
  | AwaitingReceipt
  | DialerCompleted
  | DialerFailed
  | DialerTimedOut

export type DialerStateName = DialerState['name']
