import { PolicyRun, type ReapPorts } from './policy-run.ts'
import { reapExpired } from './reap-expired.ts'
import { type LiveSession, reapIdle } from './reap-idle.ts'
import { reapOffered } from './reap-offered.ts'
import type { PolicyReport, ReapOptions, ReapPolicy } from './reap-options.ts'
import { reapOrphaned } from './reap-orphaned.ts'

/** What goes on in this process, which nothing is taken from. */
export interface UnderWay {
  readonly sessions: readonly LiveSession[]
  isRunning(redemptionId: string): boolean
}

/**
 * Clear away what is asked for by name, and nothing else.
 * @throws RangeError for offers that are too young; StoreError
 */
export async function reap(
  ports: ReapPorts,
  underWay: UnderWay,
  options: ReapOptions,
): Promise<readonly PolicyReport[]> {
  const reports: PolicyReport[] = []
  for (const policy of new Set(options.policies)) {
    const run = new PolicyRun(ports, policy, options)
    await apply(policy, run, underWay)
    reports.push(run.report)
  }
  return reports
}

async function apply(policy: ReapPolicy, run: PolicyRun, underWay: UnderWay): Promise<void> {
  const { sessions, isRunning } = underWay
  switch (policy) {
    case 'idle':
      return await reapIdle(run, sessions)
    case 'expired':
      return await reapExpired(run, isRunning)
    case 'orphaned':
      return await reapOrphaned(run, (sessionId) => sessions.some(({ id }) => id === sessionId))
    case 'offered':
      return await reapOffered(run, isRunning)
    default:
      return policy satisfies never
  }
}
