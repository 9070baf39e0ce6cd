import type { Deadlines } from './machine/deadlines.ts'

/** How a {@link SessionManager} behaves. */
export interface SessionConfig extends Deadlines {
  /** Longest life of one session, ms. @default 30000 */
  readonly sessionTimeoutMs: number
  /** Longest time in one state, ms. @default 5000 */
  readonly stepTimeoutMs: number
  /** Longest time to build a database, ms. @default 10000 */
  readonly provisionTimeoutMs: number
  /** Sessions at once, both sides together. More are refused as `busy`. @default 100 */
  readonly maxConcurrentSessions: number
  /** Sessions that one peer may begin per minute. @default 10 */
  readonly rateLimitPerPeer: number
  /** How often lapsed reservations are released and old journals pruned, ms. @default 10000 */
  readonly cleanupIntervalMs: number
  /** Finished sessions whose journal is kept; of older ones the summary stays. @default 1000 */
  readonly maxSessionHistory: number
  /** Count and time sessions. @default true */
  readonly metricsEnabled: boolean
  /** `minimal` still holds every token and database event. @default 'full' */
  readonly auditLevel: 'full' | 'minimal'
}

/** The defaults of 3-session: a person waits half a minute at most, a machine five seconds a step. */
export const DEFAULT_SESSION_CONFIG: SessionConfig = {
  sessionTimeoutMs: 30_000,
  stepTimeoutMs: 5_000,
  provisionTimeoutMs: 10_000,
  maxConcurrentSessions: 100,
  rateLimitPerPeer: 10,
  cleanupIntervalMs: 10_000,
  maxSessionHistory: 1_000,
  metricsEnabled: true,
  auditLevel: 'full',
}
