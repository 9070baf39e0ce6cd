import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeReport } from '../../simulation/checks/describe-report.ts'
import { runSeed } from '../../simulation/run-seed.ts'
import { ServerDisks } from '../../simulation/world/server/server-disks.ts'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'

const SEEDS = Number(process.env['TALEUS_SIM_SEEDS'] ?? 200)
const FIRST = Number(process.env['TALEUS_SIM_FIRST'] ?? 1)

describe.skipIf(!canRunPostgres())('both sides, with their stores on PostgreSQL', () => {
  let disks: ServerDisks
  beforeAll(async () => {
    disks = await ServerDisks.create(await sharedPostgres())
  })
  afterAll(() => disks.dispose())

  it(`keep every promise that they keep on SQLite (${SEEDS} seeds)`, async () => {
    const failures: string[] = []
    for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
      const [server, files] = [await runSeed(seed, { disks }), await runSeed(seed)]
      await disks.wipe()
      for (const [where, report] of [
        ['PostgreSQL', server],
        ['SQLite', files],
      ] as const) {
        if (report.violations.length > 0) failures.push(`${where}: ${describeReport(report)}`)
      }
    }
    expect(failures).toEqual([])
  })
})
