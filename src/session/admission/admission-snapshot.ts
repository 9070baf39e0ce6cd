import type { BreakerSnapshot } from '../host/circuit-breaker.ts'
import type { AdmissionLimits } from './admission-limits.ts'
import type { RefusalCause } from './refusals.ts'

/** How many of a fixed number of buckets are not full. */
export interface BucketCount {
  readonly inUse: number
  readonly capacity: number
}

/** The present state of admission, as plain data. Counts are since the start of the process. */
export interface AdmissionSnapshot {
  readonly draining: boolean
  readonly limits: AdmissionLimits
  readonly sessions: {
    readonly inUse: number
    readonly max: number
    /** The part of `max` that is kept for peers that hold a reservation. */
    readonly kept: number
    /** Peers with a session under way. */
    readonly peers: number
    /** Sessions of the peer that has the most. */
    readonly busiestPeer: number
  }
  readonly buckets: {
    readonly peers: BucketCount
    readonly addresses: BucketCount
    readonly badSecrets: BucketCount
  }
  readonly breaker: BreakerSnapshot
  readonly admitted: number
  readonly refused: Readonly<Record<RefusalCause, number>>
}
