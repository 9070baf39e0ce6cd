import { describe, expect, it } from 'vitest'
import { dialerToScript } from '../../../support/session/scripted-peer.ts'
import { settle, type TestNode, World } from '../../../support/session/world.ts'

const ABOUT_BOB = { identity: { name: 'Bob', email: 'bob@example.org' } }

/** Redeems with a script in the inviter's place. */
async function redeemedFrom(world: World, answer: Parameters<typeof dialerToScript>[1]) {
  const dialer = dialerToScript(world, answer)
  const request = { link: world.invite(), cadre: [], ...ABOUT_BOB }
  const outcome = world.bob.manager.redeem(request, dialer)
  await world.pass(40_000, 5_000)
  return await outcome
}

const OFFER = {
  type: 'Offer',
  role: 'stock',
  terms: { unit: 'EUR' },
  required: [],
  optional: [],
} as const

const offerOf = (world: World) => ({
  ...OFFER,
  expiresAt: Math.floor((world.clock.now() + 3_600_000) / 1000),
})

const MISMATCH = {
  type: 'ProvisioningResult',
  approved: false,
  code: 'mismatch',
  reason: 'no',
} as const

describe('a refusal', () => {
  it('of the look says that nothing was disclosed', async () => {
    const world = new World()
    const link = world.invite()
    await world.redeemed(link, {}, world.stranger(3))
    expect(await world.redeemed(link, ABOUT_BOB)).toMatchObject({ reason: 'used', disclosed: [] })
  })

  it('of the request says which fields were', async () => {
    const world = new World()
    const outcome = await redeemedFrom(world, (message, peer) => {
      if (message.type === 'Inspect') void peer.say(offerOf(world))
      if (message.type === 'InboundContact') void peer.say(MISMATCH)
    })
    expect(outcome).toMatchObject({ reason: 'mismatch', disclosed: ['name', 'email'] })
  })

  it('by this side, over an offer that differs, says that nothing was', async () => {
    const world = new World()
    const outcome = await redeemedFrom(world, (message, peer) => {
      if (message.type === 'Inspect') void peer.say({ ...offerOf(world), role: 'foil' })
    })
    expect(outcome).toMatchObject({ reason: 'offer_changed', disclosed: [] })
  })

  it('says what was disclosed to an inviter that never answered', async () => {
    const world = new World()
    const outcome = await redeemedFrom(world, (message, peer) => {
      if (message.type === 'Inspect') void peer.say(offerOf(world))
    })
    expect(outcome).toMatchObject({ state: 'TIMEOUT', disclosed: ['name', 'email'] })
  })

  it('names nothing if nobody was reached', async () => {
    const world = new World()
    const bob: TestNode = world.bob
    const request = { link: world.invite(), cadre: [], ...ABOUT_BOB }
    const outcome = bob.manager.redeem(request, {
      localPeer: bob.peerId,
      dial: () => Promise.reject(new Error('nobody there')),
    })
    await settle()
    expect(await outcome).toMatchObject({ reason: 'unreachable', disclosed: [] })
  })
})
