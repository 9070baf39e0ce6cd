import { describe, expect, it } from 'vitest'
import { documentChanges } from '../../../src/tally/document.ts'
import { Party, syncParties } from '../../support/tally/sync-pair.ts'

const TALLY = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'

/** Numbers from 0 to 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

describe('two sides that edit and meet as it happens', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'have one document in the end, with a signature of each change (seed %i)',
    async (seed) => {
      const random = randomOf(seed)
      const [alice, bob] = [new Party('alice', [TALLY]), new Party('bob', [TALLY])]
      for (let step = 0; step < 30; step += 1) {
        const side = random() < 0.5 ? alice : bob
        const key = random() < 0.5 ? 'note' : 'limit'
        if (random() < 0.25) await syncParties(alice, bob, [TALLY])
        else side.set(TALLY, key, Math.floor(random() * 5))
      }
      await syncParties(alice, bob, [TALLY])
      expect(alice.headsOf(TALLY)).toEqual(bob.headsOf(TALLY))
      const [, ...made] = documentChanges(alice.bytes(TALLY)).map(({ hash }) => hash)
      for (const { signatures } of [alice, bob]) {
        expect([...signatures.keys()].toSorted()).toEqual(made.toSorted())
      }
    },
  )
})
