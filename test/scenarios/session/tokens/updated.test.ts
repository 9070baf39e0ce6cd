import { describe, expect, it } from 'vitest'
import type { MemoryDatabases } from '../../../../src/hooks/memory/memory-databases.ts'
import type { MemoryTokens } from '../../../../src/hooks/memory/memory-tokens.ts'
import type { DatabaseHook, TokenHook } from '../../../../src/hooks/session-hooks.ts'
import { secretToText, tokenIdOf } from '../../../../src/protocol/link/secret.ts'
import { offerHash } from '../../../../src/protocol/message/message-hash.ts'
import type { Message, Offer } from '../../../../src/protocol/message/messages.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, settle, World, type WorldInit } from '../../../support/session/world.ts'

const OLD = { price: 1 }
const NEW = { price: 2 }
const ROLES = ['stock', 'foil'] as const

function worldWith(initiatorRole: (typeof ROLES)[number] = 'stock', init: WorldInit = {}) {
  const world = new World(init)
  const link = world.invite({ initiatorRole, usesAllowed: null, terms: OLD })
  const update = (terms: typeof OLD = NEW, required: readonly string[] = []): void => {
    const told = { terms, identityRequirements: required }
    expect(world.alice.own.token.update(tokenIdOf(link.secret), told)).toBe(true)
  }
  return {
    world,
    link,
    update,
    inspect: { type: 'Inspect', secret: secretToText(link.secret) } as const,
  }
}

/** Tokens that have something happen between a look and the contact after it. */
function askedTwice(own: MemoryTokens, between: () => void): TokenHook {
  let asked = 0
  return {
    validate: (...all) => {
      asked += 1
      if (asked === 2) between()
      return own.validate(...all)
    },
    markUsed: (...all) => own.markUsed(...all),
  }
}

function builtAfter(own: MemoryDatabases, until: Promise<void>): DatabaseHook {
  return {
    provision: async (...all) => {
      await until
      return await own.provision(...all)
    },
    deprovision: (...all) => own.deprovision(...all),
  }
}

function offerIn(heard: readonly Message[]): Offer {
  const [offer] = heard.filter((message) => message.type === 'Offer')
  if (offer === undefined) throw new Error('no offer was heard')
  return offer
}

describe('an invitee that has seen the terms of before', () => {
  it.each(ROLES)('gets nothing on the new ones unasked, and no use is taken (%s)', async (role) => {
    const { world, link, update, inspect } = worldWith(role)
    const peer = scriptedInvitee(world)
    await peer.say(inspect)
    update()
    await peer.say(contactOf(link, world.bob, { offer: offerHash(offerIn(peer.heard)) }))
    expect(peer.refusal).toBe('offer_changed')
    const [token] = await world.alice.store.query(() => tokenRecords.list())
    expect([token?.used ?? 0, token?.reserved ?? 0]).toEqual([0, 0])
    expect(await world.alice.tallies).toEqual([])
    await world.pass(20_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('says by itself to which offer it has agreed, and is asked again', async () => {
    const { world, link, update } = worldWith('stock', {
      inviter: { hooks: (own) => ({ ...own, token: askedTwice(own.token, () => update()) }) },
    })
    const consented = { ...offerOf(link), terms: OLD }
    const outcome = await world.redeemed(link, { consented })
    expect(world.said(0).dialer).toMatchObject([
      { type: 'Inspect' },
      { type: 'InboundContact', offer: offerHash(consented) },
    ])
    expect(outcome).toMatchObject({ completed: false, reason: 'offer_changed' })
    expect(await world.redeemed(link, { consented: { ...consented, terms: NEW } })).toMatchObject({
      completed: true,
    })
    expect((await world.bob.tallies)[0]?.built.draft.text).toContain(JSON.stringify(NEW))
  })

  it('gets the new ones if it has agreed to none in particular', async () => {
    const { world, link, update } = worldWith()
    update()
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    expect((await world.bob.tallies)[0]?.built.draft.text).toContain(JSON.stringify(NEW))
  })
})

function offerOf({ role, expiresAt }: { role: 'stock' | 'foil'; expiresAt: number }): Offer {
  return { type: 'Offer', role, expiresAt, terms: OLD, required: [], optional: [] }
}

describe('an invitee that was answered, and whose acknowledgment never came', () => {
  it.each(ROLES)('is told at a look what was agreed, and gets that answer (%s)', async (role) => {
    const { world, link, update, inspect } = worldWith(role)
    const first = scriptedInvitee(world)
    await first.say(contactOf(link, world.bob))
    expect(first.heard.at(-1)).toMatchObject({ approved: true, terms: OLD })
    first.transport.reset()
    await settle()
    update(NEW, ['name'])
    const again = scriptedInvitee(world)
    await again.say(inspect)
    const offer = offerIn(again.heard)
    expect(offer).toMatchObject({ terms: OLD, required: [] })
    await again.say(contactOf(link, world.bob, { offer: offerHash(offer) }))
    expect(again.heardBytes.at(-1)).toEqual(first.heardBytes.at(-1))
    const carol = scriptedInvitee(world, world.stranger(3))
    await carol.say(inspect)
    expect(offerIn(carol.heard)).toMatchObject({ terms: NEW, required: ['name'] })
  })

  it('has the database that it builds accepted on the terms of then', async () => {
    const built = Promise.withResolvers<void>()
    const { world, link, update } = worldWith('foil', {
      invitee: { hooks: (own) => ({ ...own, database: builtAfter(own.database, built.promise) }) },
    })
    const redeeming = world.redeem(link)
    await settle()
    update()
    for (const { listener } of world.streams) listener.reset()
    await settle()
    built.resolve()
    await settle()
    expect(await redeeming).toMatchObject({ completed: false })
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    const [draft] = (await world.alice.tallies).map((tally) => tally.built.draft)
    expect(draft?.text).toContain(JSON.stringify(OLD))
    expect(draft).toEqual((await world.bob.tallies)[0]?.built.draft)
  })
})
