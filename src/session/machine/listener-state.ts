import type { Role } from '../../protocol/base/role.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { IdentityBundle } from '../../protocol/message/messages.ts'
import type { SessionFailure } from './failure.ts'

/** The peer on the other end of the stream, and the session that it leads. */
export interface SessionCaller {
  readonly sessionId: string
  /** The peer id that the connection authenticated. */
  readonly peerId: string
}

/** The request of the invitee, without the secret. */
export interface ContactFacts {
  readonly bootstrapId: string
  readonly requestHash: string
  /** The inviter's role that the invitee expects. */
  readonly role: Role
  readonly identity: IdentityBundle
  readonly cadre: readonly string[]
  readonly another: boolean
  /** It understands `pending`. */
  readonly waits?: true
  /** `offerHash` of the offer that the invitee agreed to, if it said so. */
  readonly offer?: string
}

/** The terms of a token, as the token hook told them. */
export interface Grant {
  readonly tokenId: string
  readonly role: Role
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  readonly required: readonly string[]
  readonly optional: readonly string[]
  /** `null`: a standing invitation. */
  readonly usesAllowed: number | null
  readonly terms: JsonValue
  /** How often the terms were changed, if the ledger is where they are changed: it gives no use on older ones. */
  readonly revision?: number
  /** The inviter says yes or no to each request. */
  readonly byHand?: true
}

/** The part of a grant that may be another one for later invitees. */
export type OfferedTerms = Pick<Grant, 'required' | 'optional' | 'terms'>

/** Offered terms, and which revision of the ledger's they are, if any. */
export type AgreedTerms = OfferedTerms & Pick<Grant, 'revision'>

/** One use of a token, reserved for one peer. */
export interface Claim {
  readonly redemptionId: string
  /** Every later write quotes it. */
  readonly fence: number
  /** Which use of the token, from 1. */
  readonly use: number
  /** The deterministic tally id. */
  readonly tallyId: string
  /** Milliseconds since the epoch; the draft's `createdAt`. */
  readonly approvedAt: number
  /** How many sessions the redemption had before; left out if none. */
  readonly retries?: number
}

interface WithCaller {
  readonly caller: SessionCaller
}

interface WithClaim extends WithCaller {
  readonly contact: ContactFacts
  readonly grant: Grant
  readonly claim: Claim
}

export type ListenerStep =
  | 'CREATED'
  | 'READING_REQUEST'
  | 'VALIDATING_TOKEN'
  | 'VALIDATING_IDENTITY'
  | 'ASKING_INVITER'
  | 'PROVISIONING_DB'
  | 'SENDING_RESPONSE'
  | 'AWAITING_ACK'

export interface Created extends WithCaller {
  readonly name: 'CREATED'
}

export interface ReadingRequest extends WithCaller {
  readonly name: 'READING_REQUEST'
  /** `offer`: an Inspect is being answered. `decline`: a Decline is being checked. */
  readonly busy: 'no' | 'offer' | 'decline'
  /** One Inspect a stream. */
  readonly inspected: boolean
}

export interface ValidatingToken extends WithCaller {
  readonly name: 'VALIDATING_TOKEN'
  readonly tokenId: string
  readonly contact: ContactFacts
  /** A use is reserved here; the host, who shares its tokens between nodes, is being asked for it too. */
  readonly held?: { readonly grant: Grant; readonly claim: Claim }
}

export interface ValidatingIdentity extends WithClaim {
  readonly name: 'VALIDATING_IDENTITY'
}

/** The inviter has said nothing of this request yet: what was disclosed is checked, and the request kept for its word. */
export interface AskingInviter extends WithCaller {
  readonly name: 'ASKING_INVITER'
  readonly contact: ContactFacts
  readonly grant: Grant
}

export interface ProvisioningDb extends WithClaim {
  readonly name: 'PROVISIONING_DB'
}

export interface SendingResponse extends WithClaim {
  readonly name: 'SENDING_RESPONSE'
  readonly tallyId: string
}

export interface AwaitingAck extends WithClaim {
  readonly name: 'AWAITING_ACK'
  readonly tallyId: string
  /** The invitee's result is being checked. */
  readonly checking: boolean
}

export interface Completed extends WithCaller {
  readonly name: 'COMPLETED'
  /** stock: the invitee's acknowledgment may still come on this stream. */
  readonly awaitsAck: boolean
  /** It came with a signature: this side closes the stream, once that was checked. */
  readonly verifying?: true
  /** There was no redemption: the offer was looked at, or an earlier answer acknowledged. */
  readonly only?: 'looked' | 'acknowledged'
  readonly tokenId?: string
  /** The inviter's role, once known. */
  readonly role?: Role
  readonly claim?: Claim
  readonly tallyId?: string
}

interface Ended extends WithCaller {
  readonly failure: SessionFailure<ListenerStep>
  /** Present once the token was recognised: from then on the attempt is recorded. */
  readonly tokenId?: string
  /** The inviter's role, once known. */
  readonly role?: Role
  readonly claim?: Claim
  /** The redemption that would come of it, where nothing is claimed yet. */
  readonly redemptionId?: string
  readonly tallyId?: string
}

export interface Failed extends Ended {
  readonly name: 'FAILED'
}

export interface TimedOut extends Ended {
  readonly name: 'TIMEOUT'
}

/** The inviter's side of one session: plain data, so it can be stored, enumerated and resumed. */
export type ListenerState =
  | Created
  | ReadingRequest
  | ValidatingToken
  | ValidatingIdentity
  | AskingInviter
  | ProvisioningDb
  | SendingResponse
  | AwaitingAck
  | Completed
  | Failed
  | TimedOut

export type ListenerStateName = ListenerState['name']
