import { describe, expect, it } from 'vitest'
import { describeReport } from './checks/describe-report.ts'
import { runSeed } from './run-seed.ts'

/** One run, with its trace: `TALEUS_SIM_SEED=77 npx vitest run --project unit test/simulation/simulation.test.ts` */
const ONLY = process.env['TALEUS_SIM_SEED']

/** As many as a short test run bears; the long one has 10,000. */
const SAMPLE = Number(process.env['TALEUS_SIM_SEEDS'] ?? 100)

/** A bound for a hang: the machine may be slow and shared. */
const TIMEOUT_MS = 240_000

describe.runIf(ONLY === undefined)('both sides, whatever happens to them', () => {
  it(
    `keep every promise (${SAMPLE} seeds)`,
    async () => {
      const counts = new Map<string, number>()
      for (let seed = 1; seed <= SAMPLE; seed += 1) {
        const report = await runSeed(seed)
        if (report.violations.length > 0) expect.fail(describeReport(report))
        for (const [what, times] of report.counts) {
          counts.set(what, (counts.get(what) ?? 0) + times)
        }
      }
      // A simulation in which nothing goes wrong would keep every promise too.
      expect(counts.size).toBeGreaterThan(60)
    },
    TIMEOUT_MS,
  )

  it('live the same life again from the same seed', async () => {
    for (const seed of [4, 218]) {
      const first = await runSeed(seed, { isTraced: true })
      const second = await runSeed(seed, { isTraced: true })
      expect(first.trace.length).toBeGreaterThan(50)
      expect(second.trace).toEqual(first.trace)
      expect(second.steps).toBe(first.steps)
    }
  })

  it('live other lives from other seeds', async () => {
    const [first, second] = await Promise.all([runSeed(1), runSeed(2)])
    expect(first.steps).not.toBe(second.steps)
  })
})

describe.runIf(ONLY !== undefined)('one seed', () => {
  it(`${ONLY}, line by line`, async () => {
    const report = await runSeed(Number(ONLY), { isTraced: true })
    console.log(report.trace.join('\n'))
    if (report.violations.length > 0) expect.fail(describeReport(report))
  })
})
