import type { AuditDraft } from '../../audit/record/record.ts'
import type { Side } from '../ports/session-summary.ts'

/**
 * The kinds of reaping, each done only when it is named. `idle`: ends sessions under way that make no progress.
 * `expired`: releases reservations past their deadline, removes tokens that expired unused and attempts that came to
 * nothing long ago. `orphaned`: frees leases, closes sessions and removes documents and databases whose owner is gone.
 * `offered`: withdraws offers that nobody acknowledged.
 */
export const REAP_POLICIES = ['idle', 'expired', 'orphaned', 'offered'] as const

export type ReapPolicy = (typeof REAP_POLICIES)[number]

/** Conditions on the things to reap: all that are given must hold. */
export interface ReapFilter {
  readonly side?: Side | undefined
  /** The beginning or the end of a peer id. */
  readonly peerId?: string | undefined
  /** The beginning of a token's id. */
  readonly tokenId?: string | undefined
  /** In upper or lower case. */
  readonly state?: string | undefined
}

/** A request to reap. */
export interface ReapOptions {
  readonly policies: readonly ReapPolicy[]
  readonly filter: ReapFilter
  /** The least age of a thing that goes, ms. @default each policy's own */
  readonly olderThanMs?: number | undefined
  /** Changes nothing: only reports what would be reaped. */
  readonly dryRun: boolean
  /** Makes the audit record of who asked, written with every transaction that takes something away. */
  record(policy: ReapPolicy, reaped: number): AuditDraft
  /**
   * Returns true only if it is certain that the process of that name has ended.
   * @default as the sessions have it
   */
  isGone?(process: string): boolean | undefined
  /** The least time since an offer was last given, ms. @default {@link MIN_OFFER_AGE_MS} */
  readonly minOfferAgeMs?: number
}

/** One thing that was reaped, or would be. */
export interface ReapedThing {
  readonly kind:
    | 'session'
    | 'reservation'
    | 'token'
    | 'attempt'
    | 'lease'
    | 'document'
    | 'database'
    | 'offer'
  readonly id: string
  readonly side: Side
  readonly state: string
  readonly peerId?: string
  readonly tokenId?: string
  readonly tallyId?: string
  /** Its age, ms; left out where it is not known. */
  readonly ageMs?: number
}

/** How many things stayed for one reason. */
export interface SkippedThings {
  readonly why: string
  readonly count: number
}

/** The result of one policy. */
export interface PolicyReport {
  readonly policy: ReapPolicy
  /** The things that the filter let through. */
  readonly examined: number
  readonly reaped: number
  readonly skipped: readonly SkippedThings[]
  readonly ms: number
  /** The first {@link MAX_TOLD} of the things that were reaped. */
  readonly things: readonly ReapedThing[]
}

/** Things told one by one, per policy: as many as fit into one answer of the control socket. */
export const MAX_TOLD = 40

/**
 * The least age of an offer that may be withdrawn, ms: a day, longer than any session lasts, so that no answer is on
 * its way any more.
 */
export const MIN_OFFER_AGE_MS = 86_400_000

/** The age from which an offer is withdrawn unless told otherwise, ms: 30 days, longer than people are away. */
export const OFFER_TTL_MS = 2_592_000_000

/** The age from which expired tokens and ended attempts are removed unless told otherwise, ms: 30 days. */
export const KEEP_EXPIRED_MS = 2_592_000_000

/** Things looked at in one transaction. */
export const REAP_BATCH = 200
