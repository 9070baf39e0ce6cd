import { describe, expect, it } from 'vitest'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, World } from '../../../support/session/world.ts'

describe('what this side can not put into a message', () => {
  it('costs the session that wanted it, and the peer is told "internal"', async () => {
    const cases = [
      { terms: 'ü'.repeat(5_000) },
      { expiryUtc: '2999-01-01T00:00:00.000Z' },
      { identityRequirements: ['na\u0000me'] },
    ]
    for (const wish of cases) {
      const world = new World()
      const link = { ...world.invite(wish), expiresAt: 1_900_000_000 }
      const outcome = await world.redeemed(link, { identity: { name: 'Bob' } })
      expect(outcome).toMatchObject({ completed: false, reason: 'internal' })
      expect(world.alice.storeFailures).toEqual([])
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    }
  })

  it('is found before the commit point, and the use is given back', async () => {
    const identity = { name: 'x'.repeat(2_000) }
    for (const initiatorRole of ['stock', 'foil'] as const) {
      const world = new World({ inviter: { party: { identity } } })
      const outcome = await world.redeemed(world.invite({ initiatorRole }))
      expect(outcome).toMatchObject({ completed: false, reason: 'internal' })
      expect(world.alice.storeFailures).toEqual([])
      expect(await world.alice.tallies).toEqual([])
      expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
        { used: 0, reserved: 0 },
      ])
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    }
  })

  it('on the invitee, ends its own session', async () => {
    const world = new World()
    const outcome = await world.redeemed(world.invite(), { cadre: ['not an address'] })
    expect(outcome).toMatchObject({ completed: false, reason: 'internal', step: 'SENDING_REQUEST' })
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('in the words of a hook, ends the stream without words', async () => {
    const world = new World({
      inviter: {
        hooks: (own) => ({
          ...own,
          identity: { validate: async () => ({ refused: 'identity_required', fields: [''] }) },
        }),
      },
    })
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(world.invite({ identityRequirements: ['name'] }), world.bob))
    expect(peer.types).toEqual([])
    expect(peer.closed).toBe('reset')
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

describe('terms and disclosures that together are too long for a draft', () => {
  it.each(['stock', 'foil'] as const)('are refused before anybody builds (%s)', async (role) => {
    // Quotes are escaped twice on their way.
    const big = Object.fromEntries(
      Array.from({ length: 7 }, (_, index) => [`field ${index}`, '"'.repeat(500)]),
    )
    const world = new World({ inviter: { party: { identity: big } } })
    const link = world.invite({ terms: '"'.repeat(3_900), initiatorRole: role })
    const outcome = await world.redeemed(link, { identity: big })
    expect(outcome).toMatchObject({
      reason: 'provision_failed',
      detail: expect.stringMatching(/too long/),
    })
    expect(await world.alice.tallies).toEqual([])
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})
