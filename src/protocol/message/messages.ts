import type { Role } from '../base/role.ts'
import type { JsonValue } from '../json/json-value.ts'

/** The fields that a party discloses of itself: name to text, e.g. `{ name: 'Alice' }`. */
export type IdentityBundle = Readonly<Record<string, string>>

/** Where the shared database is. `credentialsRef` names a credential, it never is one. */
export interface DatabaseConnection {
  readonly engine: string
  readonly endpoint: string
  readonly credentialsRef: string
  /**
   * The credential that `credentialsRef` names, from the builder to its partner: it is in the message, and in no journal,
   * audit or tally. @default none is needed
   */
  readonly secret?: string
}

/** A tally, and the inviter's role when it was built. */
export interface TallyReference {
  readonly tallyId: string
  readonly createdBy: Role
}

/** The draft as it travels: canonical JSON text and its SHA-256 (lower-case hex). */
export interface DraftText {
  readonly text: string
  readonly sha256: string
}

/** Invitee → inviter: prove the token, learn the terms. Uses nothing up, discloses nothing. */
export interface Inspect {
  readonly type: 'Inspect'
  /** base64url, 22 characters: the 16 secret bytes */
  readonly secret: string
  /** Of the InboundContact that may follow, if it is known: one that came before is answered again. */
  readonly bootstrapId?: string
  /** As in that InboundContact: another tally than the invitee may have already. */
  readonly another?: true
  /** On a stream's first message: Checkpoints are welcome; see `CheckpointMessage`. */
  readonly seen?: readonly number[]
}

/** Inviter → invitee: what the invitation is about. */
export interface Offer {
  readonly type: 'Offer'
  /** The inviter's role. */
  readonly role: Role
  /** The inviter's public name, if it set one. */
  readonly name?: string
  /** The invitation's terms, opaque to us. */
  readonly terms: JsonValue
  /** Disclosure fields without which the contact will be refused. */
  readonly required: readonly string[]
  /** Disclosure fields that are welcome. */
  readonly optional: readonly string[]
  /** Seconds since the epoch. */
  readonly expiresAt: number
  /** The inviter looks at each request itself, and says yes or no by hand: a contact may be answered `pending`. */
  readonly byHand?: true
}

/** Invitee → inviter: the request itself. */
export interface InboundContact {
  readonly type: 'InboundContact'
  /** Chosen by the invitee, the same for each try; `commitmentTo` what it will open, if there are to be words to compare. */
  readonly bootstrapId: string
  readonly secret: string
  /** Must equal the peer id that the connection authenticated. */
  readonly partyId: string
  /** The inviter's role that the invitee expects. */
  readonly role: Role
  readonly identity: IdentityBundle
  /** Multiaddrs, with peer id, of the nodes the invitee nominates. */
  readonly cadre: readonly string[]
  /** A standing invitation gives one tally per peer unless this is set. */
  readonly another?: true
  /** The sender understands `pending`. To others that answer is `in_progress`. */
  readonly waits?: true
  /** `offerHash` of the offer that was agreed to: under another one nothing new is given. */
  readonly offer?: string
  /** The text of the receipt of the tally that came of this request before: an inviter whose store lost that learns of it. */
  readonly receipt?: string
  /** On a stream's first message: Checkpoints are welcome; see `CheckpointMessage`. */
  readonly seen?: readonly number[]
}

/** Inviter → invitee: yes. */
export interface Approval {
  readonly type: 'ProvisioningResult'
  readonly approved: true
  readonly sessionId: string
  readonly redemptionId: string
  /** The inviter's role. */
  readonly role: Role
  readonly partyId: string
  readonly identity: IdentityBundle
  readonly cadre: readonly string[]
  readonly terms: JsonValue
  /** The tally id that both sides derive unless the builder's hook has its own. */
  readonly tallyId: string
  /** When the redemption was approved, milliseconds since the epoch; the draft's `createdAt`. */
  readonly approvedAt: number
  /** stock: what the inviter built. */
  readonly built?: BuiltDatabase
  /** foil: milliseconds that the invitee has, from receipt of this, to deliver its DatabaseResult. */
  readonly buildWithinMs?: number
  /** Hash of the request that this answers. There if the inviter signs receipts. */
  readonly requestHash?: string
  /** stock: the inviter's signature under the receipt, base64url. */
  readonly signature?: string
}

/** A built database as its builder hands it over: tally, connection and the draft inside it. */
export interface BuiltDatabase {
  readonly tally: TallyReference
  readonly database: DatabaseConnection
  readonly draft: DraftText
}

/** Inviter → invitee: no, with a code to decide by and a sentence to show. */
export interface Refusal {
  readonly type: 'ProvisioningResult'
  readonly approved: false
  readonly code: RefusalCode
  readonly reason: string
  /** Milliseconds after which trying again makes sense. */
  readonly retryAfterMs?: number
  /** `pending`: until when the request waits for a yes or no, milliseconds since the epoch by the inviter's clock. */
  readonly pendingUntil?: number
  /** `identity_required`: the fields that are missing. */
  readonly fields?: readonly string[]
}

export type ProvisioningResult = Approval | Refusal

/** Invitee → inviter, foil: what the invitee built. */
export interface DatabaseResultMessage {
  readonly type: 'DatabaseResult'
  readonly redemptionId: string
  readonly built: BuiltDatabase
  /** The invitee's signature under the receipt, base64url. */
  readonly signature?: string
  /** The number that the bootstrapId is the commitment to. */
  readonly opening?: string
}

/** Invitee → inviter, stock: SHA-256 (hex) of the response bytes it stored. On this or any later stream. */
export interface Acknowledgment {
  readonly type: 'Acknowledgment'
  readonly redemptionId: string
  readonly responseHash: string
  /** The invitee's signature under the receipt, base64url. */
  readonly signature?: string
  /** The number that the bootstrapId is the commitment to. */
  readonly opening?: string
}

/** Inviter → invitee: the outcome as recorded. */
export interface Receipt {
  readonly type: 'Receipt'
  readonly redemptionId: string
  readonly tallyId: string
  readonly outcome: 'confirmed' | 'refused'
  /** When refused. */
  readonly code?: RefusalCode
  readonly reason?: string
  /** When confirmed: the inviter's signature under the receipt, base64url. */
  readonly signature?: string
}

/** Invitee → inviter: no, thank you. The offer is over for that peer. */
export interface Decline {
  readonly type: 'Decline'
  readonly secret: string
  readonly reason?: string
}

/** A proof that the audit with `from` records is the beginning of the larger one: RFC 6962, 2.1.2. */
export interface ConsistencyProof {
  readonly from: number
  /** Lower-case hex. */
  readonly hashes: readonly string[]
}

/** Either → the other: how far the sender's own audit has grown, for the other side to keep. */
export interface CheckpointMessage {
  readonly type: 'Checkpoint'
  /** A signed note, https://c2sp.org/tlog-checkpoint. Missing if nothing was signed yet. */
  readonly note?: string
  /** From sizes that the other side named, as far as they can be made. */
  readonly proofs?: readonly ConsistencyProof[]
  /** Of the other side's audit: sizes of checkpoints that are kept here, from which proofs are wanted. */
  readonly seen?: readonly number[]
}

export type Message =
  | Inspect
  | Offer
  | InboundContact
  | ProvisioningResult
  | DatabaseResultMessage
  | Acknowledgment
  | Receipt
  | Decline
  | CheckpointMessage

export type MessageType = Message['type']

/**
 * Why an inviter said no. `invalid_token` covers an unknown id and a wrong secret alike. `mismatch` covers four things,
 * and the reason says which: another role than the invitation's, the same bootstrapId with other content, a database
 * result about another redemption, or another one than was accepted before. `pending` is no "no": the inviter has yet to
 * say yes or no by hand. `denied` is its "no", or that of a node which takes nothing from this peer.
 */
export const REFUSAL_CODES = [
  'invalid_token',
  'expired',
  'revoked',
  'paused',
  'offer_changed',
  'used',
  'withdrawn',
  'declined',
  'mismatch',
  'in_progress',
  'pending',
  'identity_required',
  'identity_refused',
  'party_id_mismatch',
  'provision_failed',
  'database_refused',
  'protocol_violation',
  'timed_out',
  'denied',
  'busy',
  'rate_limited',
  'draining',
  'internal',
] as const

export type RefusalCode = (typeof REFUSAL_CODES)[number]
