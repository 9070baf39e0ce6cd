import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TAMPERINGS } from '../../support/trail/tampering.ts'
import { complaintOf, makeTrial, type Trial } from '../../support/trail/tampering-trial.ts'

const SEEDS = 12

describe('a log of real bootstraps', () => {
  let trial: Trial

  beforeAll(async () => {
    trial = await makeTrial(110)
  })
  afterAll(() => trial.close())

  it('has records enough for a tree with nodes', () => {
    expect(trial.size).toBeGreaterThan(300)
  })

  it.each(Object.keys(TAMPERINGS))('is found out: %s', async (name) => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const result = await trial.run(name, seed)
      expect({ seed, complaint: complaintOf(name, result), ...result }).toMatchObject({
        complaint: undefined,
      })
    }
  })
})
