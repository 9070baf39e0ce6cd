import type { Deadlines } from '../machine/deadlines.ts'

/** How a {@link SessionCore} behaves. */
export interface SessionConfig extends Deadlines {
  /** Longest life of one session, ms. @default 30000 */
  readonly sessionTimeoutMs: number
  /** Longest time in one state, ms. @default 5000 */
  readonly stepTimeoutMs: number
  /** Longest time to build a database, ms. @default 10000 */
  readonly provisionTimeoutMs: number
  /** Sessions at once, both sides together. More are refused as `busy`. @default 100 */
  readonly maxConcurrentSessions: number
  /** Sessions of one peer at once. More are refused as `busy`. @default 10 */
  readonly maxSessionsPerPeer: number
  /** Sessions that one peer may begin per minute. Looking at an offer counts a fifth. @default 10 */
  readonly rateLimitPerPeer: number
  /** The same for one IPv4 address, or one /64 of IPv6; this computer itself is not limited. @default 600 */
  readonly rateLimitPerAddress: number
  /** The same for all peers together. @default 60000 */
  readonly rateLimitTotal: number
  /**
   * Wrong secrets that one peer may show per minute before it is refused unheard. From an address ten times as many;
   * beyond it newcomers from there are limited to a tenth. @default 5
   */
  readonly badSecretsPerPeer: number
  /**
   * How long a request at an invitation by hand waits for the inviter's word, and from a yes on for its peer, ms.
   * @default 604800000, a week
   */
  readonly pendingForMs: number
  /** Databases that fail to be built, one after the other, before the circuit breaker opens. @default 5 */
  readonly breakerFailures: number
  /** The time that the circuit breaker stays open, ms. @default 10000 */
  readonly breakerPauseMs: number
  /** The interval at which lapsed reservations are released and old sessions pruned, ms. @default 10000 */
  readonly cleanupIntervalMs: number
  /**
   * Ended sessions that are kept, with their journals. Of older ones only the audit stays, and the summary of those that
   * something unfinished refers to. @default 1000
   */
  readonly maxSessionHistory: number
  /** Count and time sessions for `metrics()` and /metrics. False: nothing is kept for them. @default true */
  readonly metricsEnabled: boolean
  /**
   * `minimal` leaves the steps of sessions, their times and the digests of what was said out of the audit; what became of
   * tokens, identities, databases and tallies, failures and alarms are recorded at both. @default 'full'
   */
  readonly auditLevel: 'full' | 'minimal'
}

/** The defaults: a person waits half a minute at most, a machine five seconds a step. */
export const DEFAULT_SESSION_CONFIG: SessionConfig = {
  sessionTimeoutMs: 30_000,
  stepTimeoutMs: 5_000,
  provisionTimeoutMs: 10_000,
  maxConcurrentSessions: 100,
  // As many as it may begin in a minute: a household's node, with some invitations at once.
  maxSessionsPerPeer: 10,
  rateLimitPerPeer: 10,
  // A conference hall behind one address: five a second, with a minute's worth at once.
  rateLimitPerAddress: 600,
  // Somewhat less than one core can do.
  rateLimitTotal: 60_000,
  // A user with a damaged link shows one or two.
  badSecretsPerPeer: 5,
  // A holiday, and no longer: what was disclosed is kept for that time.
  pendingForMs: 604_800_000,
  // One is an accident, five in a row are none; and ten seconds later a server may be back.
  breakerFailures: 5,
  breakerPauseMs: 10_000,
  cleanupIntervalMs: 10_000,
  maxSessionHistory: 1_000,
  metricsEnabled: true,
  auditLevel: 'full',
}
