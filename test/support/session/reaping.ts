import type {
  PolicyReport,
  ReapOptions,
  ReapPolicy,
} from '../../../src/session/reaper/reap-options.ts'
import type { TestNode } from './world.ts'

/** Whatever is asked for, in the name of a test. */
export function reapOptions(
  policies: readonly ReapPolicy[],
  rest: Partial<ReapOptions> = {},
): ReapOptions {
  return {
    policies,
    filter: {},
    dryRun: false,
    record: (policy, reaped) => ({
      type: 'operator',
      severity: 'notice',
      at: 0,
      monotonic: 0,
      data: { command: 'reap', policy, reaped },
    }),
    ...rest,
  }
}

/** Answers that were not given for five seconds. */
export function withdrawOffers(
  { manager }: TestNode,
  rest: Partial<ReapOptions> = {},
): Promise<readonly PolicyReport[]> {
  return manager.reap(
    reapOptions(['offered'], { olderThanMs: 5_000, minOfferAgeMs: 5_000, ...rest }),
  )
}
