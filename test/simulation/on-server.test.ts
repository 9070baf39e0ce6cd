import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedPostgres } from '../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../support/postgres/postgres-binaries.ts'
import { describeReport } from './checks/describe-report.ts'
import { runSeed } from './run-seed.ts'
import { ServerDisks } from './world/server/server-disks.ts'

/** As many as a short test run bears. */
const SAMPLE = Number(process.env['TALEUS_SIM_SERVER_SEEDS'] ?? 2)
const FIRST = Number(process.env['TALEUS_SIM_FIRST'] ?? 1)

/** A bound for a hang: the machine may be slow and shared. */
const TIMEOUT_MS = 240_000

describe.skipIf(!canRunPostgres())('both sides, with their stores on PostgreSQL', () => {
  let disks: ServerDisks
  beforeAll(async () => {
    disks = await ServerDisks.create(await sharedPostgres())
  }, TIMEOUT_MS)
  afterAll(() => disks.dispose())

  it(
    `keep every promise (${SAMPLE} seeds)`,
    async () => {
      for (let seed = FIRST; seed < FIRST + SAMPLE; seed += 1) {
        const report = await runSeed(seed, { disks })
        await disks.wipe()
        if (report.violations.length > 0) expect.fail(describeReport(report))
        expect(report.commits).toBeGreaterThan(0)
      }
    },
    TIMEOUT_MS,
  )
})
