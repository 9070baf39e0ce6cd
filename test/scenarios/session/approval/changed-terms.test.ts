import { beforeEach, describe, expect, it } from 'vitest'
import type { LinkContent } from '../../../../src/protocol/link/link-content.ts'
import { tokenIdOf } from '../../../../src/protocol/link/secret.ts'
import type { Offer } from '../../../../src/protocol/message/messages.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { decide, waiting, waitingFor } from '../../../support/session/by-hand.ts'
import { World } from '../../../support/session/world.ts'

const NAMED = { identity: { name: 'Bob' } }
const [OLD, NEW] = [{ price: 1 }, { price: 2 }]

describe('terms that change while a request', () => {
  let world: World
  let link: LinkContent
  let told: string[]

  beforeEach(() => {
    world = new World()
    told = []
    world.alice.manager.on('request', (news) => {
      told.push('cause' in news ? `${news.state}: ${news.cause}` : news.state)
    })
    link = world.invite({ byHand: true, terms: OLD })
  })

  /** The offer that the invitee was shown last. */
  function seen(): Offer {
    const offers = world.said(-1).listener.filter((each): each is Offer => each.type === 'Offer')
    const [offer] = offers
    if (offer === undefined) throw new Error('no offer was shown')
    return offer
  }

  /** As `token update` does. */
  async function change(terms: typeof OLD): Promise<void> {
    const id = tokenIdOf(link.secret)
    world.alice.own.token.update(id, { terms })
    await world.alice.store.transact(() =>
      tokenRecords.update(id, { required: [], optional: [], terms }),
    )
    await world.alice.manager.operator.outdateRequests(waiting(world.alice).map((each) => each.id))
  }

  /** The terms of the answer that the invitee heard last, and what both sides have of it. */
  async function given() {
    const terms = world.said(-1).listener.map((each) => Object(each).terms)
    const [alice, bob] = [await world.alice.tallies, await world.bob.tallies]
    return { terms: terms.at(-1), alice: alice.length, bob: bob.length }
  }

  it('waits end it: a yes to it is refused, its peer hears that they changed, and is asked about anew when it agrees', async () => {
    await world.redeemed(link, NAMED)
    const agreed = seen()
    const old = waitingFor(world.alice, world.bob)
    await change(NEW)
    expect(told).toEqual(['waiting', 'over: changed'])
    expect(waiting(world.alice)).toEqual([])
    expect(await decide(world.alice, old, 'yes')).toEqual({ kind: 'none', why: 'gone' })
    expect(await world.redeemed(link, { ...NAMED, consented: agreed })).toMatchObject({
      reason: 'offer_changed',
    })
    expect(await world.redeemed(link, { ...NAMED, consented: seen() })).toMatchObject({
      reason: 'pending',
    })
    expect(waitingFor(world.alice, world.bob)).not.toBe(old)
    await decide(world.alice, waitingFor(world.alice, world.bob), 'yes')
    expect(await world.redeemed(link, NAMED)).toMatchObject({ completed: true })
    expect(await given()).toEqual({ terms: NEW, alice: 1, bob: 1 })
    expect(told.slice(2)).toEqual(['waiting', 'approved'])
  })

  it('has a yes end that: its use is free, its peer hears that they changed, and gets nothing on either', async () => {
    await world.redeemed(link, NAMED)
    const agreed = seen()
    await decide(world.alice, waitingFor(world.alice, world.bob), 'yes')
    await change(NEW)
    expect(told).toEqual(['waiting', 'approved', 'over: changed'])
    const token = () => world.alice.store.query(() => tokenRecords.find(tokenIdOf(link.secret)))
    expect(await token()).toMatchObject({ used: 0, reserved: 0 })
    expect(await world.redeemed(link, { ...NAMED, consented: agreed })).toMatchObject({
      reason: 'offer_changed',
    })
    expect(await world.redeemed(link, { ...NAMED, consented: seen() })).toMatchObject({
      reason: 'pending',
    })
    expect(await given()).toMatchObject({ alice: 0, bob: 0 })
  })

  it('is collected leave it the terms that it was said yes to on', async () => {
    world = new World({
      inviter: {
        hooks: (own) => ({
          ...own,
          database: {
            ...own.database,
            provision: async (...all) => {
              await change(NEW)
              return await own.database.provision(...all)
            },
            deprovision: own.database.deprovision.bind(own.database),
          },
        }),
      },
    })
    link = world.invite({ byHand: true, terms: OLD })
    await world.redeemed(link, NAMED)
    await decide(world.alice, waitingFor(world.alice, world.bob), 'yes')
    expect(await world.redeemed(link, NAMED)).toMatchObject({ completed: true })
    expect(await given()).toEqual({ terms: OLD, alice: 1, bob: 1 })
  })

  it('is over change nothing for it', async () => {
    await world.redeemed(link, NAMED)
    await decide(world.alice, waitingFor(world.alice, world.bob), 'no')
    await change(NEW)
    expect(told).toEqual(['waiting', 'denied'])
    expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'denied' })
  })
})
