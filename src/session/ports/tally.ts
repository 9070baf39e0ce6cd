import type { Role } from '../../protocol/base/role.ts'
import type { BuiltDatabase, IdentityBundle } from '../../protocol/message/messages.ts'
import type { ReceiptMarks } from '../../protocol/receipt/receipt.ts'

/** A tally as this side keeps it. */
export interface TallyRecord {
  readonly tallyId: string
  /** This side's own half. */
  readonly role: Role
  readonly partner: { readonly peerId: string; readonly identity: IdentityBundle }
  readonly built: BuiltDatabase
  /**
   * `offered`: committed, not acknowledged. `held`: stored here, not confirmed by the inviter. `withdrawn`: stored
   * here, and the inviter has taken it back.
   */
  readonly status: 'offered' | 'held' | 'confirmed' | 'withdrawn'
  readonly redemptionId: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** The signatures under the receipt; left out if neither side has signed. */
  readonly receipt?: ReceiptMarks
  /** When two people found the words to compare to be the same, milliseconds since the epoch. */
  readonly comparedAt?: number
}

/** One side has lost what came of a redemption, and the other side has not. */
export interface LostUse {
  /** The side that lost it: this store, which hears of it as the inviter, or the inviter, who does not know this side's tally. */
  readonly lostBy: 'here' | 'inviter'
  readonly redemptionId: string
  readonly tokenId: string
  /** The other side. */
  readonly peerId: string
  readonly tallyId: string
  /** When it was heard of first, milliseconds since the epoch. */
  readonly at: number
}
