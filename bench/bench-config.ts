import type { SessionConfig } from '../src/session/config/session-config.ts'

/**
 * What a bench changes in the settings: admission lets everything through, because one process plays
 * all the peers. All else is as `taleus listen` has it.
 */
export const BENCH_CONFIG: Partial<SessionConfig> = {
  maxConcurrentSessions: 10_000,
  maxSessionsPerPeer: 10_000,
  rateLimitPerPeer: 100_000_000,
  rateLimitPerAddress: 100_000_000,
  rateLimitTotal: 100_000_000,
}
