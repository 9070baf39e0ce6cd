import { describe, expect, it } from 'vitest'
import { runRace } from '../../faults/nodes/run-race.ts'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'

const RACERS = 32
const ONE_TIME = Number(process.env['TALEUS_RACE_TOKENS'] ?? 1_000)

describe.skipIf(!canRunPostgres())(`${RACERS} clients at three nodes`, () => {
  it.each([
    [`${ONE_TIME} one-time invitations: exactly one each`, { uses: 1, invitations: ONE_TIME }, 1],
    ['50 invitations of ten uses: exactly ten each', { uses: 10, invitations: 50 }, 10],
    ['20 standing invitations: all of them', { uses: null, invitations: 20 }, RACERS],
  ])('race for %s', async (_what, wish, winners) => {
    const report = await runRace(await sharedPostgres(), { racers: RACERS, ...wish })
    console.log(`${wish.invitations} invitations: ${report.asks} asks`)
    expect(report.complaints).toEqual([])
    expect(report.winners).toEqual(Array.from({ length: wish.invitations }, () => winners))
  })
})
