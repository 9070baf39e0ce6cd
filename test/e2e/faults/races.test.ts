import { expect, test } from 'vitest'
import { ledgerOf, patientListener, race, racers } from '../../faults/crowd.ts'
import { dataDirectory } from '../support/cli.ts'

const PEERS = 50
const ROUNDS = 3

test(`${PEERS} peers at once for a one-time invitation: one gets the tally, in each of ${ROUNDS} rounds`, async () => {
  const alice = await dataDirectory()
  await patientListener(alice)
  const crowd = await racers(PEERS)
  for (let round = 0; round < ROUNDS; round += 1) {
    const { winners, refusals } = await race(alice, crowd, round % 2 === 0 ? 'stock' : 'foil')
    expect(winners).toHaveLength(1)
    for (const refusal of refusals) expect(['in_progress', 'used']).toContain(refusal)
  }
  expect(await ledgerOf(alice)).toEqual({ tallies: ROUNDS, audit: 0 })
})
