import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CheckpointMessage } from '../../../src/protocol/message/messages.ts'
import { TestParty, words } from '../../support/service/witness-party.ts'

/** What happens to two parties, one thing after the other. */
const happening = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('grows' as const),
      by: fc.integer({ min: 1, max: 90 }),
    }),
  },
  /** A stream, whose checkpoint is judged after so many further things have happened. */
  { weight: 4, arbitrary: fc.record({ what: fc.constant('meets' as const), late: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('withholds' as const) }) },
)

interface Underway {
  readonly checkpoint: CheckpointMessage
  readonly announced: readonly number[]
  left: number
}

/** Bob’s honest life as Alice sees it. @returns each alarm */
async function live(
  alice: TestParty,
  bob: TestParty,
  happenings: readonly (typeof happening extends fc.Arbitrary<infer Value> ? Value : never)[],
): Promise<readonly string[]> {
  const alarms: string[] = []
  const underway: Underway[] = []
  const hear = async ({ checkpoint, announced }: Underway): Promise<void> => {
    const alarm = await alice.hear(bob, checkpoint, announced)
    if (alarm !== undefined) alarms.push(alarm)
  }
  for (const each of happenings) {
    if (each.what === 'grows') {
      await bob.append(...words(each.by, bob.size))
      await bob.sign()
    } else {
      const announced = await alice.witness.sizesOf(bob.peerId)
      const { note, proofs } = (await bob.witness.own(announced)) ?? {}
      const shown = each.what === 'withholds' ? { note } : { note, proofs }
      const checkpoint = JSON.parse(JSON.stringify({ type: 'Checkpoint', ...shown }))
      underway.push({ checkpoint, announced, left: each.what === 'meets' ? each.late : 0 })
    }
    for (const stream of underway) {
      if (stream.left === 0) await hear(stream)
      stream.left -= 1
    }
  }
  for (const stream of underway) if (stream.left >= 0) await hear(stream)
  return alarms
}

it('an honest partner is never accused; one that is rolled back or forked always is', async () => {
  const life = fc.array(happening, { minLength: 2, maxLength: 14 })
  await fc.assert(
    fc.asyncProperty(life, fc.nat(999), fc.nat(60), async (happenings, place, more) => {
      const [alice, bob, copy] = [new TestParty(1), new TestParty(2), new TestParty(2)]
      try {
        await bob.append('first')
        await bob.sign()
        expect(await live(alice, bob, happenings)).toEqual([])
        const shown = Math.max(...(await alice.witness.sizesOf(bob.peerId)))
        fc.pre(shown > 1)
        // A copy of what bob had once; it goes on differently, perhaps past what bob has shown since.
        const from = 1 + (place % (shown - 1))
        await copy.append('first', ...words(from - 1, 1), ...words(more, from, 'other'))
        await copy.sign()
        expect(await alice.meet(copy)).toBeDefined()
      } finally {
        for (const { store } of [alice, bob, copy]) store.close()
      }
    }),
    { numRuns: 60 },
  )
})
