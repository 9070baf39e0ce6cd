import { describe, expect, it } from 'vitest'
import type { LinkContent } from '../../../../src/protocol/link/link-content.ts'
import { secretHashOf, secretToText, tokenIdOf } from '../../../../src/protocol/link/secret.ts'
import { offerHash } from '../../../../src/protocol/message/message-hash.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { decide, waiting, waitingFor } from '../../../support/session/by-hand.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, settle, World, type WorldInit } from '../../../support/session/world.ts'

const DAY = 86_400_000
const MINUTE = 60_000
const NAMED = { identity: { name: 'Bob' } }

/** An invitation by hand, for which Bob has asked. */
async function asked(wish: Parameters<World['invite']>[0] = {}, init: WorldInit = {}) {
  const world = new World(init)
  const link = world.invite({ byHand: true, ...wish })
  const first = await world.redeemed(link, NAMED)
  return { world, link, first }
}

/** Where a request waits for a minute. */
const SOON: WorldInit = { inviter: { config: { pendingForMs: MINUTE } } }

/** What the ledger says of the invitation. */
async function tokenOf(world: World, { secret }: LinkContent) {
  return await world.alice.store.query(() => tokenRecords.find(tokenIdOf(secret)))
}

describe.each(['stock', 'foil'] as const)('an invitation by hand (%s)', (initiatorRole) => {
  it('keeps who comes waiting until a time that it is told, and holds no use, stream, timer or lease for it', async () => {
    const { world, link, first } = await asked({ initiatorRole })
    expect(first).toMatchObject({
      completed: false,
      reason: 'pending',
      retryAfterMs: 30_000,
      pendingUntil: world.clock.now() + 7 * DAY,
    })
    expect(waiting(world.alice)).toMatchObject([
      { peerId: world.bob.peerId, identity: { name: 'Bob' }, until: world.clock.now() + 7 * DAY },
    ])
    expect(await tokenOf(world, link)).toMatchObject({ used: 0, reserved: 0 })
    expect(world.leftovers).toEqual(NOTHING_LEFT)
    expect(await world.alice.tallies).toEqual([])
    expect(world.alice.auditEvents).toEqual(['pending'])
  })

  it('says nothing of the inviter before the yes', async () => {
    const { world } = await asked({ initiatorRole, terms: null })
    const { listener } = world.said(-1)
    expect(listener.map(({ type }) => type)).toEqual(['Offer', 'ProvisioningResult'])
    expect(Object.keys(listener[1] ?? {}).sort()).toEqual(
      ['approved', 'code', 'pendingUntil', 'reason', 'retryAfterMs', 'type'].sort(),
    )
    expect(listener[0]).toMatchObject({ byHand: true })
  })

  it('goes on after the yes as any other, once, to one tally on both sides', async () => {
    const { world, link } = await asked({ initiatorRole })
    expect(await decide(world.alice, waitingFor(world.alice, world.bob), 'yes')).toMatchObject({
      kind: 'approved',
    })
    expect(await tokenOf(world, link)).toMatchObject({ used: 0, reserved: 1 })
    const done = await world.redeemed(link, NAMED)
    expect(done).toMatchObject({ completed: true })
    expect((await world.alice.tallies).map(({ tallyId }) => tallyId)).toEqual(
      (await world.bob.tallies).map(({ tallyId }) => tallyId),
    )
    expect(await tokenOf(world, link)).toMatchObject({ used: 1, reserved: 0 })
    expect(waiting(world.alice)).toEqual([])
    expect(await world.redeemed(link, NAMED)).toMatchObject({ completed: true })
    expect(await world.alice.tallies).toHaveLength(1)
  })

  it('refuses after the no, for good, with its reason', async () => {
    const { world, link } = await asked({ initiatorRole })
    await decide(world.alice, waitingFor(world.alice, world.bob), 'no', 'who are you?')
    for (let time = 0; time < 2; time += 1) {
      expect(await world.redeemed(link, NAMED)).toMatchObject({
        completed: false,
        reason: 'denied',
        detail: 'who are you?',
      })
    }
    expect(waiting(world.alice)).toEqual([])
    expect(await tokenOf(world, link)).toMatchObject({ used: 0, reserved: 0 })
  })

  it('is not redeemed by anything but a yes: by no retry, no other id, no other content', async () => {
    const { world, link } = await asked({ initiatorRole })
    await world.redeemed(link, NAMED)
    await world.redeemed(link, { identity: { name: 'Robert' } })
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(link, world.bob, { bootstrapId: 'other', waits: true }))
    expect(peer.refusal).toBe('pending')
    expect(await world.alice.tallies).toEqual([])
    expect(await tokenOf(world, link)).toMatchObject({ used: 0, reserved: 0 })
    expect(waiting(world.alice)).toHaveLength(1)
  })
})

it('asking again while it waits is answered from the store, and leaves no trace', async () => {
  const { world, link, first } = await asked()
  const before = world.alice.auditEvents
  await world.pass(60_000)
  const again = await world.redeemed(link, NAMED)
  expect(again).toMatchObject({ reason: 'pending' })
  expect(Object(again).pendingUntil).toBe(Object(first).pendingUntil)
  expect(world.alice.auditEvents).toEqual(before)
  expect(world.alice.sessions).toHaveLength(1)
})

it('a yes is for what was shown: other disclosures are asked about anew, and the use that was held is free', async () => {
  const { world, link } = await asked()
  const old = waitingFor(world.alice, world.bob)
  await decide(world.alice, old, 'yes')
  const other = await world.redeemed(link, { identity: { name: 'Mallory' } })
  expect(other).toMatchObject({ reason: 'pending' })
  expect(await tokenOf(world, link)).toMatchObject({ used: 0, reserved: 0 })
  expect(waiting(world.alice)).toMatchObject([{ identity: { name: 'Mallory' } }])
  expect(await world.alice.tallies).toEqual([])
})

it('a yes to what was replaced meanwhile changes nothing', async () => {
  const { world, link } = await asked()
  const old = waitingFor(world.alice, world.bob)
  await world.redeemed(link, { identity: { name: 'Mallory' } })
  expect(await decide(world.alice, old, 'yes')).toEqual({ kind: 'none', why: 'gone' })
  expect(await tokenOf(world, link)).toMatchObject({ reserved: 0 })
})

it('a yes survives an accident: the peer goes on with it at its next try, and nobody is asked twice', async () => {
  let failures = 1
  const world = new World({
    inviter: {
      hooks: (own) => ({
        ...own,
        database: {
          provision: (...all) =>
            failures-- > 0 ? Promise.reject(new Error('no disk')) : own.database.provision(...all),
          deprovision: own.database.deprovision.bind(own.database),
        },
      }),
    },
  })
  const link = world.invite({ byHand: true })
  await world.redeemed(link)
  await decide(world.alice, waitingFor(world.alice, world.bob), 'yes')
  expect(await world.redeemed(link)).toMatchObject({ reason: 'provision_failed' })
  expect(await tokenOf(world, link)).toMatchObject({ used: 0, reserved: 1 })
  expect(await world.redeemed(link)).toMatchObject({ completed: true })
  expect(await world.alice.tallies).toHaveLength(1)
})

describe('two who wait for one use', () => {
  async function two() {
    const { world, link } = await asked({}, SOON)
    const carol = world.stranger(3)
    expect(await world.redeemed(link, {}, carol)).toMatchObject({ reason: 'pending' })
    return { world, link, carol }
  }

  it('both have a place, and the one that is said yes to gets the use', async () => {
    const { world, link, carol } = await two()
    expect(waiting(world.alice)).toHaveLength(2)
    await decide(world.alice, waitingFor(world.alice, carol), 'yes')
    expect(await decide(world.alice, waitingFor(world.alice, world.bob), 'yes')).toMatchObject({
      kind: 'none',
      why: 'no_use',
    })
    expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'in_progress' })
    expect(await world.redeemed(link, {}, carol)).toMatchObject({ completed: true })
    expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'used' })
    expect(await world.alice.tallies).toHaveLength(1)
  })

  it('the other may have it after all if the first does not come in time', async () => {
    const { world, link, carol } = await two()
    world.alice.manager.start()
    await world.pass(MINUTE / 2, 10_000)
    await decide(world.alice, waitingFor(world.alice, carol), 'yes')
    await world.pass(MINUTE + 20_000, 10_000)
    expect(waiting(world.alice)).toEqual([])
    expect(await tokenOf(world, link)).toMatchObject({ reserved: 0 })
    expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'pending' })
    await decide(world.alice, waitingFor(world.alice, world.bob), 'yes')
    expect(await world.redeemed(link, NAMED)).toMatchObject({ completed: true })
    await world.alice.manager.drain(0)
  })
})

it('what nobody decides lapses at the time that was told, and may be asked again', async () => {
  const { world, link } = await asked({}, SOON)
  world.alice.manager.start()
  const ended: unknown[] = []
  world.alice.manager.on('request', ({ state, ...more }) => ended.push([state, Object(more).cause]))
  await world.pass(MINUTE - 5_000, 5_000)
  expect(waiting(world.alice)).toHaveLength(1)
  await world.pass(25_000, 5_000)
  expect(waiting(world.alice)).toEqual([])
  expect(ended).toEqual([['over', 'lapsed']])
  expect(world.alice.auditEvents).toEqual(['pending', 'unanswered'])
  expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'pending' })
  expect(waiting(world.alice)).toHaveLength(1)
  await world.alice.manager.drain(0)
})

it('what came before the invitation expired may be said yes to, and collected, after that', async () => {
  const { world, link } = await asked()
  world.clock.advance(2 * 3_600_000)
  expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'pending' })
  await decide(world.alice, waitingFor(world.alice, world.bob), 'yes')
  const carol = world.stranger(3)
  expect(await world.redeemed(link, {}, carol)).toMatchObject({ reason: 'expired' })
  expect(await world.redeemed(link, NAMED)).toMatchObject({ completed: true })
})

it('a revoked invitation ends what waits there, and a yes that was not collected', async () => {
  const { world, link } = await asked({ usesAllowed: 2 })
  const carol = world.stranger(3)
  await world.redeemed(link, {}, carol)
  const bobs = waitingFor(world.alice, world.bob)
  await decide(world.alice, waitingFor(world.alice, carol), 'yes')
  const id = tokenIdOf(link.secret)
  world.alice.own.token.revoke(id)
  await world.alice.store.transact(() => tokenRecords.revoke(id, world.clock.now()))
  expect(await decide(world.alice, bobs, 'yes')).toMatchObject({ kind: 'none', why: 'revoked' })
  expect(await world.redeemed(link, {}, carol)).toMatchObject({ reason: 'revoked' })
  world.alice.manager.start()
  await world.pass(11_000, 1_000)
  expect(waiting(world.alice)).toEqual([])
  expect(await tokenOf(world, link)).toMatchObject({ used: 0, reserved: 0 })
  expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'revoked' })
  await world.alice.manager.drain(0)
})

it('a peer that declines takes its request back', async () => {
  const { world, link } = await asked()
  const id = waitingFor(world.alice, world.bob)
  await scriptedInvitee(world).say({ type: 'Decline', secret: secretToText(link.secret) })
  expect(waiting(world.alice)).toEqual([])
  expect(await decide(world.alice, id, 'yes')).toMatchObject({ why: 'gone' })
  expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'declined' })
})

it('a yes can be taken back until its peer has gone on with it', async () => {
  const { world, link } = await asked()
  const id = waitingFor(world.alice, world.bob)
  await decide(world.alice, id, 'yes')
  expect(await decide(world.alice, id, 'no')).toMatchObject({ kind: 'denied' })
  expect(await tokenOf(world, link)).toMatchObject({ reserved: 0 })
  expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'denied' })
})

it('who has agreed to other terms is not asked about, and is told that they have changed', async () => {
  const world = new World()
  const link = world.invite({ byHand: true, terms: { price: 1 } })
  const id = tokenIdOf(link.secret)
  const peer = scriptedInvitee(world)
  await peer.say({ type: 'Inspect', secret: secretToText(link.secret) })
  const [seen] = peer.heard.filter((message) => message.type === 'Offer')
  if (seen === undefined) throw new Error('no offer was heard')
  world.alice.own.token.update(id, { terms: { price: 2 }, identityRequirements: [] })
  const agreed = { offer: offerHash(seen), waits: true } as const
  await peer.say(contactOf(link, world.bob, agreed))
  expect(peer.refusal).toBe('offer_changed')
  expect(waiting(world.alice)).toEqual([])
})

it('a no is told of all that its peer had asked for', async () => {
  const { world, link } = await asked({ usesAllowed: 5 })
  expect(await world.redeemed(link, { ...NAMED, another: true })).toMatchObject({
    reason: 'pending',
  })
  const told: unknown[] = []
  world.alice.manager.on('request', ({ state, request }) => told.push([state, request.id]))
  const ids = waiting(world.alice).map(({ id }) => id)
  await decide(world.alice, waitingFor(world.alice, world.bob), 'no')
  expect(told).toHaveLength(2)
  expect(told).toEqual(expect.arrayContaining(ids.map((id) => ['denied', id])))
})

it('a hook of the inviter’s own that does not say that its token is by hand opens no road beside the yes, and closes none', async () => {
  const world = new World({
    inviter: {
      hooks: (own) => ({
        ...own,
        token: {
          validate: async (...all) => {
            const { byHand: _, ...rest } = Object(await own.token.validate(...all))
            return rest
          },
          markUsed: (...all) => own.token.markUsed(...all),
        },
      }),
    },
  })
  const link = world.invite()
  const times = { issuedAt: world.clock.now(), expiresAt: world.clock.now() + 3_600_000 }
  const offered = {
    role: 'stock',
    uses: 1,
    required: [],
    optional: [],
    terms: { unit: 'EUR' },
  } as const
  const { secret } = link
  const stored = { id: tokenIdOf(secret), secretHash: secretHashOf(secret), ...offered, ...times }
  await world.alice.store.transact(() => tokenRecords.issue({ ...stored, byHand: true }))
  expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'pending' })
  expect(world.said(-1).listener[0]).toMatchObject({ type: 'Offer', byHand: true })
  await decide(world.alice, waitingFor(world.alice, world.bob), 'yes')
  expect(await world.redeemed(link, NAMED)).toMatchObject({ completed: true })
  expect(waiting(world.alice)).toEqual([])
})

it('a yes that is given twice holds one use', async () => {
  const { world, link } = await asked({ usesAllowed: 5 })
  const id = waitingFor(world.alice, world.bob)
  const both = await Promise.all([decide(world.alice, id, 'yes'), decide(world.alice, id, 'yes')])
  expect(both.map(({ kind }) => kind).sort()).toEqual(['approved', 'none'])
  expect(await tokenOf(world, link)).toMatchObject({ reserved: 1 })
})

it('what is not disclosed as required is refused before anybody is asked', async () => {
  const world = new World()
  const link = world.invite({ byHand: true, identityRequirements: ['name'] })
  expect(await world.redeemed(link)).toMatchObject({ reason: 'identity_required' })
  expect(waiting(world.alice)).toEqual([])
  expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'pending' })
})

it('a peer of before hears a code that it knows', async () => {
  const world = new World()
  const link = world.invite({ byHand: true })
  const peer = scriptedInvitee(world)
  await peer.say(contactOf(link, world.bob))
  expect(peer.heard).toMatchObject([{ code: 'in_progress', retryAfterMs: 30_000 }])
  expect(Object(peer.heard[0]).pendingUntil).toBeUndefined()
  await decide(world.alice, waitingFor(world.alice, world.bob), 'yes')
  const again = scriptedInvitee(world)
  await again.say(contactOf(link, world.bob))
  await settle()
  expect(again.heard).toMatchObject([{ approved: true }])
})

it('the same id with other content is a mismatch, whether or not the peer says that it waits', async () => {
  const world = new World()
  const link = world.invite({ byHand: true })
  await scriptedInvitee(world).say(contactOf(link, world.bob))
  const same = scriptedInvitee(world)
  await same.say(contactOf(link, world.bob, { waits: true }))
  expect(same.refusal).toBe('pending')
  const other = scriptedInvitee(world)
  await other.say(contactOf(link, world.bob, { waits: true, identity: { name: 'Eve' } }))
  expect(other.refusal).toBe('mismatch')
})
