import type { Receipted } from '../../../../src/protocol/receipt/receipt.ts'

/** A use as the inviter's store has it. */
export interface StoredUse {
  readonly redemptionId: string
  readonly tokenId: string
  readonly client: string
  readonly slot: number
  readonly state: string
  readonly tallyId: string
}

/** A tally as one side's store has it. */
export interface StoredTally {
  readonly tallyId: string
  readonly redemptionId: string
  /** The client's party id, in whichever store it is. */
  readonly client: string
  /** The hash of its draft. */
  readonly draft: string
  /** Absent: there is none. */
  readonly receipt?: Receipted
}

/** The audit of one node. */
export interface StoredChain {
  readonly node: string
  /** Why it does not verify. */
  readonly problem?: string
  /** Redemptions that are said to be committed, in the order of the records. */
  readonly committed: readonly string[]
}

/** What all stores have when nothing is under way any more. */
export interface StoredState {
  /** By their ids, and null for those without limit. */
  readonly uses: ReadonlyMap<string, number | null>
  readonly redemptions: readonly StoredUse[]
  /** The inviter's. */
  readonly tallies: readonly StoredTally[]
  /** Those that clients keep as confirmed. */
  readonly kept: readonly StoredTally[]
  readonly chains: readonly StoredChain[]
}
