import { describe, expect, it } from 'vitest'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'
import { runRace } from './run-race.ts'
import { runUnderLoad } from './run-under-load.ts'
import { cutReplies, stopServer } from './troubles.ts'

/** A bound for a hang: the machine may be slow and shared. */
const TIMEOUT_MS = 240_000

describe.skipIf(!canRunPostgres())('three nodes of one party', { timeout: TIMEOUT_MS }, () => {
  it.each([
    ['a one-time invitation to exactly one of 32', { uses: 1, invitations: 6 }, 1],
    [
      'one of ten uses to exactly ten of 32, and turn away nobody before',
      { uses: 10, invitations: 2 },
      10,
    ],
    ['a standing invitation to each of 32', { uses: null, invitations: 1 }, 32],
  ])('give %s', async (_what, wish, winners) => {
    const report = await runRace(await sharedPostgres(), { racers: 32, ...wish })
    expect(report.complaints).toEqual([])
    expect(report.winners).toEqual(Array.from({ length: wish.invitations }, () => winners))
  })

  it('lose and double nothing when their server stops at once, twice', async () => {
    const server = await sharedPostgres()
    const report = await runUnderLoad(server, () => stopServer(server, 2))
    expect(report.complaints).toEqual([])
    expect(report.given).toBeGreaterThan(0)
  })

  it('lose and double nothing when replies to a COMMIT are lost, nine times', async () => {
    const report = await runUnderLoad(await sharedPostgres(), (party) => cutReplies(party, 9))
    expect(report.complaints).toEqual([])
    expect(report.given).toBeGreaterThan(0)
  })
})
