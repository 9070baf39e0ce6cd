import type { SessionConfig } from '../config/session-config.ts'
import type { BreakerSnapshot } from '../host/circuit-breaker.ts'
import type { RefusalCause } from './refusals.ts'

/** The settings that admission goes by. */
export type AdmissionLimits = Pick<
  SessionConfig,
  | 'maxConcurrentSessions'
  | 'maxSessionsPerPeer'
  | 'rateLimitPerPeer'
  | 'rateLimitPerAddress'
  | 'rateLimitTotal'
  | 'badSecretsPerPeer'
>

/** How many of a fixed number of buckets hold something. */
export interface BucketCount {
  readonly inUse: number
  readonly capacity: number
}

/** Admission as it stands: plain data. Counts are since the start. */
export interface AdmissionSnapshot {
  readonly draining: boolean
  readonly limits: AdmissionLimits
  readonly sessions: {
    readonly inUse: number
    readonly max: number
    /** Of `max`, those kept for peers that hold a reservation. */
    readonly kept: number
    /** Peers with a session under way. */
    readonly peers: number
    /** Sessions of the peer that has most. */
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
