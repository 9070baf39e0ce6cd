import { type PolicyPorts, PolicyRun } from './policy-run.ts'
import { reapExpired } from './reap-expired.ts'
import { type LiveSession, reapIdle } from './reap-idle.ts'
import { reapOffered } from './reap-offered.ts'
import type { PolicyReport, ReapOptions, ReapPolicy } from './reap-options.ts'
import { reapOrphaned } from './reap-orphaned.ts'

/** The work that is going on in this process, which reaping leaves alone. */
export interface UnderWay {
  readonly sessions: readonly LiveSession[]
  isRunning(sessionId: string): boolean
}

/**
 * Runs the named policies, and nothing else.
 * @throws RangeError for offers that are too young; StoreError
 */
export async function runReapPolicies(
  ports: PolicyPorts,
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
      return await reapOrphaned(run, isRunning)
    case 'offered':
      return await reapOffered(run, isRunning)
    default:
      return policy satisfies never
  }
}
