import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NodeTrials } from '../../../support/postgres/node-trials.ts'
import { canRunPostgres } from '../../../support/postgres/postgres-binaries.ts'

/** All that nodes have promised is there once, and nothing is left open. */
const WELL = { codes: [0, 0], missing: 0, doubled: 0, unfinished: 0, areChainsWhole: true }

describe.skipIf(!canRunPostgres())('two nodes in processes of their own', () => {
  let trials: NodeTrials
  beforeEach(async () => {
    trials = await NodeTrials.begin(1_000)
  })
  afterEach(() => trials.dispose())

  it('lose and double nothing when one is killed, and one stands still for longer than its lease', async () => {
    await trials.kill(0)
    expect(await trials.stop(1)).toBe(10)
    expect(await trials.end()).toMatchObject(WELL)
  })
})
