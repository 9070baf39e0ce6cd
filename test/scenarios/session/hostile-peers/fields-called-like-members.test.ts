import { expect, it } from 'vitest'
import { NOTHING_LEFT, World } from '../../../support/session/world.ts'

const FIELDS = { toString: 'a', valueOf: 'b', hasOwnProperty: 'c', toJSON: 'd' }

it.each(['stock', 'foil'] as const)(
  'fields and terms called like members of every object are as good as others (%s)',
  async (initiatorRole) => {
    const names = Object.keys(FIELDS)
    const world = new World({ inviter: { party: { identity: FIELDS } } })
    const link = world.invite({ initiatorRole, identityRequirements: names, terms: FIELDS })
    const outcome = await world.redeemed(link, { identity: FIELDS })
    expect(outcome).toMatchObject({ completed: true })
    expect((await world.alice.tallies)[0]?.partner.identity).toEqual(FIELDS)
    expect((await world.bob.tallies)[0]?.partner.identity).toEqual(FIELDS)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  },
)

it('an invitee that lacks them is told which are missing', async () => {
  const world = new World()
  const required = ['constructor', ...Object.keys(FIELDS)]
  const outcome = await world.redeemed(world.invite({ identityRequirements: required }))
  expect(outcome).toMatchObject({ reason: 'identity_required', fields: required })
})
