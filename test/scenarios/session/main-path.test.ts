import { describe, expect, it } from 'vitest'
import { NOTHING_LEFT, World } from '../../support/session/world.ts'

const DISCLOSED = { identity: { name: 'Bob' }, cadre: ['/ip4/192.0.2.1/tcp/1/p2p/12D3KooWBob'] }

for (const initiatorRole of ['stock', 'foil'] as const) {
  describe(`an invitation of a ${initiatorRole} holder`, () => {
    it('leaves the same confirmed draft on both sides', async () => {
      const world = new World({ inviter: { party: { identity: { name: 'Alice' } } } })
      const outcome = await world.redeemed(world.invite({ initiatorRole }), DISCLOSED)
      const [alices] = await world.alice.tallies
      const [bobs] = await world.bob.tallies
      expect(outcome).toMatchObject({
        completed: true,
        tallyId: alices?.tallyId,
        role: initiatorRole === 'stock' ? 'foil' : 'stock',
        partner: { peerId: world.alice.peerId, identity: { name: 'Alice' } },
        status: 'confirmed',
      })
      expect(alices?.status).toBe('confirmed')
      expect(bobs?.status).toBe('confirmed')
      expect(bobs?.built).toEqual(alices?.built)
      expect(JSON.parse(bobs?.built.draft.text ?? '')).toMatchObject({
        createdBy: initiatorRole,
        terms: { unit: 'EUR' },
        [initiatorRole]: { partyId: world.alice.peerId, identity: { name: 'Alice' } },
        [initiatorRole === 'stock' ? 'foil' : 'stock']: { partyId: world.bob.peerId, ...DISCLOSED },
      })
    })

    it('takes as long as the caller says, to a part of a millisecond', async () => {
      const world = new World()
      const link = world.invite({ initiatorRole })
      expect(await world.redeemed(link, { timeoutMs: 9_999.5 })).toMatchObject({ completed: true })
    })

    it('has the right one build, once', async () => {
      const world = new World()
      await world.redeemed(world.invite({ initiatorRole }))
      const [tally] = await world.alice.tallies
      const builder = initiatorRole === 'stock' ? world.alice : world.bob
      const other = initiatorRole === 'stock' ? world.bob : world.alice
      expect(builder.own.database.draftOf(tally?.tallyId ?? '')).toEqual(tally?.built.draft)
      expect(other.own.database.draftOf(tally?.tallyId ?? '')).toBeUndefined()
    })

    it('leaves nothing behind but records', async () => {
      const world = new World()
      await world.redeemed(world.invite({ initiatorRole }), DISCLOSED)
      expect(world.leftovers).toEqual(NOTHING_LEFT)
      expect(world.alice.complaints.concat(world.bob.complaints)).toEqual([])
      expect(world.alice.sessions.map(({ state }) => state)).toEqual(['COMPLETED'])
      expect(world.bob.sessions.map(({ state }) => state)).toEqual(['COMPLETED'])
    })

    it('tells the token hook once that the use is spent', async () => {
      const world = new World()
      const link = world.invite({ initiatorRole })
      await world.redeemed(link)
      const [session] = world.alice.sessions
      expect(world.alice.own.token.uses(session?.tokenId ?? '')).toBe(1)
    })
  })
}
