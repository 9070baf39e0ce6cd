import { describe, expect, it } from 'vitest'
import { encodeLink } from '../../../../src/protocol/link/link.ts'
import { World } from '../../../support/session/world.ts'

const ALICES = '/dns4/seat-of-alice.example/tcp/1'
const BOBS = '/dns4/seat-of-bob.example/tcp/1'

function worldOfSeats(): World {
  return new World({ inviter: { party: { identity: { name: 'Alice' }, cadre: [ALICES] } } })
}

/** All that was said to anybody, as it went over the wire. */
function saidByAlice(world: World): string {
  return world.streams.map(({ listener }) => Buffer.concat(listener.sent).toString()).join('\n')
}

/** Ways not to be approved. */
const TURNED_AWAY: readonly (readonly [string, (world: World) => Promise<unknown>])[] = [
  [
    'whoever shows a wrong secret',
    (world) => world.redeemed({ ...world.invite(), secret: new Uint8Array(16).fill(9) }),
  ],
  [
    'whoever comes after the last use is gone',
    async (world) => {
      const link = world.invite()
      await world.redeemed(link, {}, world.stranger(3))
      world.streams.length = 0
      return await world.redeemed(link, { cadre: [BOBS] })
    },
  ],
  [
    'whoever does not tell what is required',
    (world) => world.redeemed(world.invite({ identityRequirements: ['name'] }), { cadre: [BOBS] }),
  ],
]

describe('the nodes of an inviter', () => {
  it.each(TURNED_AWAY)('are not told to %s', async (_, comes) => {
    const world = worldOfSeats()
    expect(await comes(world)).toMatchObject({ completed: false })
    expect(saidByAlice(world)).not.toContain('seat-of-alice')
  })

  it('stand in no link and no offer', async () => {
    const world = worldOfSeats()
    const link = world.invite()
    expect(Buffer.from(encodeLink(link)).toString('latin1')).not.toContain('seat')
    await world.redeemed(link, { cadre: [BOBS] })
    const [offer, approval] = world.said(0).listener
    expect(offer).toMatchObject({ type: 'Offer' })
    expect(JSON.stringify(offer)).not.toContain('seat-of-alice')
    expect(approval).toMatchObject({ approved: true, cadre: [ALICES] })
  })
})

describe.each(['stock', 'foil'] as const)('with an inviter who holds the %s', (initiatorRole) => {
  it('the invitee’s nodes are told first, after its look, and both stand in the draft', async () => {
    const world = worldOfSeats()
    await world.redeemed(world.invite({ initiatorRole }), { cadre: [BOBS] })
    const { dialer, listener } = world.said(0)
    expect(dialer.map(({ type }) => type).slice(0, 2)).toEqual(['Inspect', 'InboundContact'])
    expect(JSON.stringify(dialer[0])).not.toContain('seat-of-bob')
    expect(dialer[1]).toMatchObject({ cadre: [BOBS] })
    expect(listener.map(({ type }) => type).slice(0, 2)).toEqual(['Offer', 'ProvisioningResult'])
    const other = initiatorRole === 'stock' ? 'foil' : 'stock'
    for (const { tallies: kept } of [world.alice, world.bob]) {
      const tallies = await kept
      expect(JSON.parse(tallies[0]?.built.draft.text ?? '')).toMatchObject({
        [initiatorRole]: { cadre: [ALICES] },
        [other]: { cadre: [BOBS] },
      })
    }
  })

  it('what this side told is said when the inviter refuses', async () => {
    const world = new World({
      inviter: {
        hooks: (own) => ({
          ...own,
          identity: { validate: async () => false },
        }),
      },
    })
    const link = world.invite({ initiatorRole, identityRequirements: ['name'] })
    const told = { identity: { name: 'Bob' }, cadre: [BOBS] }
    expect(await world.redeemed(link, told)).toMatchObject({
      reason: 'identity_refused',
      disclosed: ['name', 'cadre'],
    })
  })
})
