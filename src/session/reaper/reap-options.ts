import type { AuditDraft } from '../../audit/record/record.ts'
import type { Side } from '../ports/store.ts'

/**
 * What may be reaped, each only when it is asked for by its name. `idle`: sessions under way that make no progress.
 * `expired`: reservations past their deadline, tokens that expired unused, attempts that came to nothing long ago.
 * `orphaned`: leases, sessions, documents and databases whose owner is gone. `offered`: answers that nobody
 * acknowledged; they are withdrawn.
 */
export const REAP_POLICIES = ['idle', 'expired', 'orphaned', 'offered'] as const

export type ReapPolicy = (typeof REAP_POLICIES)[number]

/** All given conditions must hold. */
export interface ReapFilter {
  readonly side?: Side | undefined
  /** The beginning or the end of a peer id. */
  readonly peerId?: string | undefined
  /** The beginning of a token's id. */
  readonly tokenId?: string | undefined
  /** In any case. */
  readonly state?: string | undefined
}

export interface ReapOptions {
  readonly policies: readonly ReapPolicy[]
  readonly filter: ReapFilter
  /** Only what is older, ms. @default each policy's own */
  readonly olderThanMs?: number | undefined
  /** Only find out. */
  readonly dryRun: boolean
  /** Whose wish it is: written with every transaction that takes something away. */
  record(policy: ReapPolicy, reaped: number): AuditDraft
  /**
   * True only if it is certain that the process of that name has ended.
   * @default nobody knows
   */
  isGone?(process: string): boolean
  /** An offer is withdrawn only if it was not given for so long, ms. @default {@link MIN_OFFER_AGE_MS} */
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
  /** ms; undefined where nobody knows. */
  readonly ageMs?: number
}

export interface SkippedThings {
  readonly why: string
  readonly count: number
}

/** What one policy came to. */
export interface PolicyReport {
  readonly policy: ReapPolicy
  /** What the filter let through. */
  readonly examined: number
  readonly reaped: number
  readonly skipped: readonly SkippedThings[]
  readonly ms: number
  /** The first {@link MAX_TOLD} of what was reaped. */
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

/** How long what has expired or come to nothing is kept for looking at unless told otherwise, ms: 30 days. */
export const KEEP_EXPIRED_MS = 2_592_000_000

/** A walk over the store takes so many things in one transaction. */
export const REAP_BATCH = 200
