import { beforeEach, describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../../src/protocol/base/digest.ts'
import { commitmentTo } from '../../../../src/protocol/words/commitment.ts'
import type { Claim, Grant } from '../../../../src/session/machine/listener-state.ts'
import type { TallyRecord } from '../../../../src/session/ports/tally.ts'
import { attemptOf, requestOf, responseOf, T0, tallyOf } from '../../../store/fixtures.ts'
import type { EngineUnderTest } from '../engine.ts'
import { factsOf, StoreDriver } from '../store-driver.ts'

const NUMBER = 'the number behind it'
const MARKS = { tokenId: 'many', request: sha256Hex('1'), response: sha256Hex('2') }

export function describeOpenings(engine: EngineUnderTest): void {
  describe('the number behind a bootstrapId', () => {
    const on = new StoreDriver(engine)
    let grant: Grant
    beforeEach(async () => {
      grant = await on.issue('many', null)
    })
    const ask = () => on.claim(requestOf(grant, 'bob', { bootstrapId: commitmentTo(NUMBER) }))
    const tally = ({ tallyId, redemptionId }: Claim, opening?: string): TallyRecord => ({
      ...tallyOf(tallyId, redemptionId),
      receipt: opening === undefined ? MARKS : { ...MARKS, opening },
    })
    const openingOf = async ({ tallyId }: Pick<Claim, 'tallyId'>) =>
      (await on.lookups.tallies.find(tallyId))?.receipt?.opening
    const acknowledge = ({ redemptionId }: Claim, opening: string) => {
      const { hash: responseHash } = responseOf(redemptionId)
      const facts = factsOf('bob')
      return on.ask({ op: 'confirm', redemptionId, responseHash, opening, now: T0, facts })
    }

    it('is kept if it is the right one, whenever it comes, and no other one after it', async () => {
      const claim = await ask()
      await on.commit(claim, { tally: tally(claim) })
      expect(await acknowledge(claim, 'another')).toMatchObject({ isKnown: true })
      expect(await openingOf(claim)).toBeUndefined()
      expect(await acknowledge(claim, NUMBER)).toMatchObject({ isKnown: true, isNews: true })
      expect(await openingOf(claim)).toBe(NUMBER)
      expect(await acknowledge(claim, 'another')).toMatchObject({ isKnown: true, isNews: false })
      expect(await openingOf(claim)).toBe(NUMBER)
    })

    it('that comes with the commit is kept only if it is right', async () => {
      for (const [peer, opening] of [
        ['bob', NUMBER],
        ['carol', 'another'],
      ] as const) {
        const bootstrapId = commitmentTo(NUMBER)
        const claim = await on.claim(requestOf(grant, peer, { bootstrapId }))
        await on.commit(claim, { tally: tally(claim, opening) })
        expect(await openingOf(claim)).toBe(opening === NUMBER ? NUMBER : undefined)
      }
    })

    it('of an answer that is repeated stays the one of the contact that it was made for', async () => {
      await on.delegated(await ask())
      const other = requestOf(grant, 'bob', { bootstrapId: commitmentTo('chosen later') })
      expect(await on.reserve(other)).toMatchObject({ kind: 'replayed' })
      const claim = await on.claim(other)
      await on.commit(claim, { tally: tally(claim, 'chosen later') })
      expect(await openingOf(claim)).toBeUndefined()
      await acknowledge(claim, NUMBER)
      expect(await openingOf(claim)).toBe(NUMBER)
    })

    it('of a request that is made anew is that of the newer contact', async () => {
      await ask()
      const newer = { bootstrapId: commitmentTo('newer'), requestHash: 'newer' }
      const claim = await on.claim(requestOf(grant, 'bob', newer))
      await on.commit(claim, { tally: tally(claim, 'newer') })
      expect(await openingOf(claim)).toBe('newer')
    })

    it('is let go by an invitee whose inviter answers otherwise than it did', async () => {
      const lease = { owner: 'p/s', until: T0 + 1_000 }
      const attempt = attemptOf('a')
      await on.apply({ op: 'beginAttempt', attempt, lease, after: undefined, now: T0 })
      const keep = async (response: string, opening?: string) => {
        const held = { ...tallyOf('x', 'r', 'held'), role: 'foil' as const }
        const marks = { ...MARKS, response: sha256Hex(response) }
        const receipt = opening === undefined ? marks : { ...marks, opening }
        const write = { op: 'keepTally', attemptId: 'a', mustOwn: false, tokenId: 't' } as const
        await on.apply({ ...write, tally: { ...held, receipt }, facts: factsOf() })
        return await openingOf({ tallyId: 'x' })
      }
      expect(await keep('first', NUMBER)).toBe(NUMBER)
      expect(await keep('first')).toBe(NUMBER)
      expect(await keep('second')).toBeUndefined()
    })
  })
}
