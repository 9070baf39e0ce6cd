import { describe, expect, it } from 'vitest'
import { type LoadReport, runUnderLoad } from '../../faults/nodes/run-under-load.ts'
import { cutReplies, stopServer } from '../../faults/nodes/troubles.ts'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'

const STOPS = 50
const CUTS = 200

function expectWhole({ complaints, given, unanswered }: LoadReport): void {
  console.log(`${given} tallies, ${unanswered} asks without an answer`)
  expect(complaints).toEqual([])
  expect(given).toBeGreaterThan(100)
}

describe.skipIf(!canRunPostgres())('three nodes under load lose and double nothing', () => {
  it(`when their server stops at once ${STOPS} times`, async () => {
    const server = await sharedPostgres()
    expectWhole(await runUnderLoad(server, () => stopServer(server, STOPS)))
  })

  it(`when the reply to a COMMIT is lost ${CUTS} times`, async () => {
    expectWhole(await runUnderLoad(await sharedPostgres(), (party) => cutReplies(party, CUTS)))
  })
})
