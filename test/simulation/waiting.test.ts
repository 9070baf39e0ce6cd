import { expect, it } from 'vitest'
import { describeReport } from './checks/describe-report.ts'
import { runSeed } from './run-seed.ts'

const SEEDS = 40

/** A bound for a hang: the machine may be slow and shared. */
const TIMEOUT_MS = 240_000

it(
  `both sides keep every promise where invitees wait, and are called (${SEEDS} seeds)`,
  async () => {
    const counts = new Map<string, number>()
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const report = await runSeed(seed, { waits: true })
      if (report.violations.length > 0) expect.fail(describeReport(report))
      for (const [what, times] of report.counts) counts.set(what, (counts.get(what) ?? 0) + times)
    }
    // Lines that are lost are waited on in vain, and nothing else is.
    expect(counts.get('waiting: called')).toBeGreaterThan(10)
    expect(counts.get('waiting: not called')).toBeGreaterThan(0)
  },
  TIMEOUT_MS,
)
