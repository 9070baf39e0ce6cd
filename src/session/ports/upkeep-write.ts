import type { AuditDraft } from '../../audit/record/record.ts'
import type { Lease } from './attempt.ts'
import type { RemovalOrder } from './removals.ts'

/** New sessions that one run of `pruneHistory` looks at, whatever the engine: some ms of deleting. */
export const PRUNE_BATCH = 500

/** Sessions kept before that one run looks at again, since nothing unfinished may refer to them any more. */
export const LOOK_AGAIN = 100

/** A write that may come too late: it changes nothing then, and its record is not appended. */
interface Conditional {
  readonly record?: AuditDraft
}

/** A write of those who tidy up. Times are milliseconds since the epoch. */
export type UpkeepWrite =
  /**
   * Claims a removal that is due, unless another process has, but for `voidClaim`, or its database is being built under a lease. One whose database is wanted again is cancelled, and so
   * is one that nobody here can carry out.
   */
  | {
      readonly op: 'claimRemoval'
      readonly tallyId: string
      readonly claim: Lease
      readonly voidClaim?: Lease
      readonly isPossible: boolean
      readonly now: number
      /** If nobody can. */
      readonly left: AuditDraft
    }
  /** The claim's owner has removed it. Not if it was owed again, or another owner has claimed it since. */
  | ({
      readonly op: 'finishRemoval'
      readonly tallyId: string
      readonly owner: string
    } & Conditional)
  /** The claim's owner could not remove it. Changes nothing if another owner has claimed it since. */
  | ({
      readonly op: 'failRemoval'
      readonly tallyId: string
      readonly owner: string
      readonly error: string
      readonly nextAt: number
    } & Conditional)
  /** Makes a removal due that has failed. */
  | { readonly op: 'hastenRemoval'; readonly tallyId: string; readonly now: number }
  | { readonly op: 'settleNotice'; readonly redemptionId: string }
  | {
      readonly op: 'failNotice'
      readonly redemptionId: string
      readonly error: string
      readonly nextAt: number
    }
  /**
   * Notes invitations that have expired, the oldest first; each once, for good. One whose last uses are still reserved
   * has to wait: it may yet be used up.
   */
  | {
      readonly op: 'noteExpiries'
      readonly now: number
      /** Monotonic clock, milliseconds. */
      readonly monotonic: number
      readonly limit: number
    }
  /**
   * Deletes sessions that are over and not among the newest `keep`; of those that something unfinished refers to, only
   * the journal. A bounded part of them at a time.
   */
  | { readonly op: 'pruneHistory'; readonly keep: number }
  /**
   * Withdraws an offer that was not given since `lastGivenBefore`, and owes the removal of its database. A tombstone stays:
   * the use is consumed for ever.
   */
  | ({
      readonly op: 'withdrawOffer'
      readonly order: RemovalOrder
      readonly lastGivenBefore: number
      readonly now: number
    } & Conditional)
  /** Forgets a token of which no use was ever reserved: its secret is an unknown one from now on. */
  | ({ readonly op: 'forgetToken'; readonly tokenId: string; readonly now: number } & Conditional)
  /** Removes an attempt that came to nothing. */
  | ({ readonly op: 'removeAttempt'; readonly attemptId: string } & Conditional)
  | ({ readonly op: 'freeLease'; readonly attemptId: string; readonly owner: string } & Conditional)
  /** Frees all leases of a process that is gone. */
  | { readonly op: 'freeLeases'; readonly holder: string }
  /** Removes a document without a tally. */
  | ({ readonly op: 'removeDocument'; readonly tallyId: string } & Conditional)
