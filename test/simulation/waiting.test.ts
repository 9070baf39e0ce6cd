import { expect, it } from 'vitest'
import { describeReport } from './checks/describe-report.ts'
import { runSeed } from './run-seed.ts'

/** The first ones, and some in which a line is lost. */
const SEEDS = [...Array.from({ length: 25 }, (_, nth) => nth + 1), 56, 62, 70, 80, 85]

/** A bound for a hang: the machine may be slow and shared. */
const TIMEOUT_MS = 240_000

it(
  `both sides keep every promise where invitees wait, and are called (${SEEDS.length} seeds)`,
  async () => {
    const counts = new Map<string, number>()
    for (const seed of SEEDS) {
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
