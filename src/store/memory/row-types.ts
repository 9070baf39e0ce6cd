import type { Role } from '../../protocol/base/role.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { ReceiptMarks } from '../../protocol/receipt/receipt.ts'
import type { OfferedTerms } from '../../session/machine/listener-state.ts'
import type { Attempt } from '../../session/ports/attempt.ts'
import type { OwedRemoval } from '../../session/ports/removals.ts'
import type { JournalEntry, SessionSummary } from '../../session/ports/session-summary.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'

// Times are milliseconds since the epoch.

export interface TokenRow {
  readonly id: string
  /** Undefined for a token of a foreign hook, and for one that is forgotten. */
  readonly secretHash: Uint8Array | undefined
  readonly role: Role
  readonly uses: number | null
  readonly issuedAt: number
  readonly expiresAt: number
  readonly required: readonly string[]
  readonly optional: readonly string[]
  readonly terms: JsonValue
  readonly byHand: boolean
  readonly forgottenAt: number | undefined
  readonly revokedAt: number | undefined
  readonly pausedAt: number | undefined
  readonly expiryNotedAt: number | undefined
  /** How often the terms were changed. */
  readonly revision: number
  /** The terms that were changed since, and that a use stands on, by their revision. */
  readonly pastTerms: Readonly<Record<number, OfferedTerms>>
}

export interface RedemptionRow {
  /** Higher the later it was first stored. */
  readonly seq: number
  readonly id: string
  readonly tokenId: string
  readonly slot: number
  readonly peerId: string
  readonly bootstrapId: string
  readonly requestHash: string
  readonly sessionId: string
  readonly fence: number
  readonly state: 'reserved' | 'provisioning' | 'delegated' | 'committed' | 'released'
  readonly delivery: 'offered' | 'confirmed' | undefined
  readonly tallyId: string
  readonly approvedAt: number
  /** Known while it is neither committed nor released. */
  readonly reservedUntil: number | undefined
  readonly changedAt: number
  /** The fence under which the checks said yes, negative once that was used up; 0 if they never did. */
  readonly approvedFence: number
  readonly responseHash: string | undefined
  /** The number of its sessions so far. */
  readonly sessions: number
  readonly releasedFor: string | undefined
  readonly withdrawnAt: number | undefined
  /** Of the terms that it was reserved on; undefined if they were others than the token's, of a hook. */
  readonly revision: number | undefined
}

export interface AnswerRow {
  readonly redemptionId: string
  readonly response: Uint8Array | undefined
  readonly receipt: Uint8Array | undefined
}

/** A use that was given back. */
export interface FreeSlotRow {
  readonly tokenId: string
  readonly slot: number
}

export interface DeclineRow {
  readonly tokenId: string
  readonly peerId: string
  readonly reason: string | undefined
  readonly at: number
}

export interface DenialRow {
  readonly tokenId: string
  readonly peerId: string
  readonly reason: string | undefined
  readonly at: number
}

export interface AttemptRow {
  readonly seq: number
  readonly attempt: Attempt
}

export interface TallyRow {
  /** Without the receipt, and never `withdrawn`. */
  readonly tally: Omit<TallyRecord, 'receipt'>
  readonly marks: Omit<ReceiptMarks, 'inviterSignature' | 'inviteeSignature'> | undefined
  // A signature may be here before the marks of its receipt.
  readonly inviterSignature: string | undefined
  readonly inviteeSignature: string | undefined
  readonly withdrawnAt: number | undefined
}

export interface DocumentRow {
  readonly tallyId: string
  /** In their order. */
  readonly chunks: readonly Uint8Array[]
}

export interface RemovalRow {
  readonly removal: OwedRemoval
  /** Owed once more since it was claimed. */
  readonly isOwedAgain: boolean
}

export interface SessionRow {
  readonly seq: number
  readonly summary: SessionSummary
}

export interface JournalRow {
  readonly sessionId: string
  /** In their order. */
  readonly entries: readonly JournalEntry[]
}
