import { describe, expect, it } from 'vitest'
import type { LinkContent } from '../../../../src/protocol/link/link-content.ts'
import { secretToText, tokenIdOf } from '../../../../src/protocol/link/secret.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, type TestNode, World } from '../../../support/session/world.ts'
import { DiskError } from '../../../support/store-wrappers.ts'

/** Looks at the offer, and leaves. */
async function look(world: World, link: LinkContent, from: TestNode, another?: true) {
  const peer = scriptedInvitee(world, from)
  const secret = secretToText(link.secret)
  await peer.say({ type: 'Inspect', secret, ...(another && { another }) })
  const answer = peer.heard.at(-1)
  await peer.transport.close()
  return answer
}

async function decline(world: World, link: LinkContent, from: TestNode) {
  const peer = scriptedInvitee(world, from)
  await peer.say({ type: 'Decline', secret: secretToText(link.secret) })
  return peer.refusal
}

/** Begins a redemption that stays where the database is built. */
function stuckWorld() {
  return new World({
    inviter: {
      hooks: (own) => ({
        ...own,
        database: { provision: () => new Promise(() => undefined) },
      }),
    },
  })
}

describe.each(['stock', 'foil'] as const)('a look at an invitation of the %s holder', (role) => {
  it('says `used` to everybody but the peer that has the use', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole: role })
    await world.redeemed(link)
    const carol = world.stranger(3)
    expect(await look(world, link, carol)).toMatchObject({ approved: false, code: 'used' })
    expect(await look(world, link, world.bob)).toMatchObject({ type: 'Offer' })
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('discloses nothing to an inviter that has no use left', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole: role })
    await world.redeemed(link)
    const carol = world.stranger(3)
    const outcome = await world.redeemed(link, { identity: { name: 'Carol' } }, carol)
    expect(outcome).toMatchObject({ completed: false, reason: 'used' })
    expect(world.said(-1).dialer.map(({ type }) => type)).toEqual(['Inspect'])
  })

  it('tells a peer that has a tally, and wants another, that no use is left for that', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole: role, usesAllowed: 2 })
    await world.redeemed(link)
    await world.redeemed(link, {}, world.stranger(3))
    expect(await look(world, link, world.bob, true)).toMatchObject({ code: 'used' })
    expect(await look(world, link, world.bob)).toMatchObject({ type: 'Offer' })
  })

  it('says `declined` to the peer that has declined, and to nobody else', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole: role })
    await decline(world, link, world.bob)
    expect(await look(world, link, world.bob)).toMatchObject({ code: 'declined' })
    expect(await look(world, link, world.stranger(3))).toMatchObject({ type: 'Offer' })
  })

  it('says the offer, if the host allows more uses by now than the ledger knows', async () => {
    let usesAllowed = 1
    const world = new World({
      inviter: {
        hooks: (own) => ({
          ...own,
          token: {
            validate: async (...all) => {
              const info = await own.token.validate(...all)
              return 'refused' in info ? info : { ...info, usesAllowed }
            },
            markUsed: (...all) => own.token.markUsed(...all),
          },
        }),
      },
    })
    const link = world.invite({ initiatorRole: role })
    await world.redeemed(link)
    usesAllowed = 2
    expect(await look(world, link, world.stranger(3))).toMatchObject({ type: 'Offer' })
  })
})

describe('a look while somebody else redeems the last use', () => {
  it('says `in_progress`, and not `used`', async () => {
    const world = stuckWorld()
    const link = world.invite()
    const bob = scriptedInvitee(world)
    await bob.say(contactOf(link, world.bob))
    expect(await look(world, link, world.stranger(3))).toMatchObject({
      code: 'in_progress',
      retryAfterMs: 1_000,
    })
  })

  it('lets the peer whose use it is see the offer', async () => {
    const world = stuckWorld()
    const link = world.invite()
    await scriptedInvitee(world).say(contactOf(link, world.bob))
    expect(await look(world, link, world.bob)).toMatchObject({ type: 'Offer' })
  })

  it('says `revoked` also to that peer, as its redemption would: nothing is disclosed in vain', async () => {
    const world = stuckWorld()
    const link = world.invite()
    await scriptedInvitee(world).say(contactOf(link, world.bob))
    world.alice.own.token.revoke(tokenIdOf(link.secret))
    expect(await look(world, link, world.bob)).toMatchObject({ code: 'revoked' })
    const again = scriptedInvitee(world)
    await again.say(contactOf(link, world.bob))
    expect(again.refusal).toBe('revoked')
  })
})

describe('a look when nothing can be built', () => {
  it('says `busy`, and does not take the right to try', async () => {
    const world = new World({
      inviter: {
        config: { breakerFailures: 1, breakerPauseMs: 5_000 },
        hooks: (own) => ({
          ...own,
          database: { provision: () => Promise.reject(new Error('no disk')) },
        }),
      },
    })
    await world.redeemed(world.invite({ secret: 1 }))
    const link = world.invite({ secret: 2 })
    const carol = world.stranger(3)
    expect(await look(world, link, carol)).toMatchObject({ code: 'busy' })
    await world.pass(5_001)
    expect(await look(world, link, carol)).toMatchObject({ type: 'Offer' })
    expect(await look(world, link, carol)).toMatchObject({ type: 'Offer' })
  })
})

describe('a decline of what is over', () => {
  it('is not taken from a peer that came too late', async () => {
    const world = new World()
    const link = world.invite()
    await world.redeemed(link)
    expect(await decline(world, link, world.stranger(3))).toBe('used')
    expect(world.alice.auditEvents).not.toContain('declined')
  })

  it('is not taken from the peer that has the tally', async () => {
    const world = new World()
    const link = world.invite()
    await world.redeemed(link)
    expect(await decline(world, link, world.bob)).toBe('used')
  })

  it('of a revoked invitation hears `revoked`', async () => {
    const world = new World()
    const link = world.invite()
    world.alice.own.token.revoke(tokenIdOf(link.secret))
    expect(await decline(world, link, world.bob)).toBe('revoked')
  })

  it('is taken twice: the first answer may be lost', async () => {
    const world = new World()
    const link = world.invite()
    expect(await decline(world, link, world.bob)).toBeUndefined()
    expect(await decline(world, link, world.bob)).toBeUndefined()
  })
})

describe('a look that hears `used`', () => {
  it('leaves an alarm, and a session that it belongs to', async () => {
    const world = new World()
    const link = world.invite()
    await world.redeemed(link)
    const carol = world.stranger(3)
    await look(world, link, carol)
    expect(world.alice.auditEvents).toContain('token.reuse/used')
    expect(world.alice.sessions).toContainEqual(
      expect.objectContaining({ state: 'FAILED', reason: 'used', peerId: carol.peerId }),
    )
  })
})

describe('an invitation that is used up between the look and the redemption', () => {
  it('is told as used, with what was disclosed', async () => {
    const world = new World()
    const link = world.invite()
    const carol = world.stranger(3)
    const peer = scriptedInvitee(world, carol)
    await peer.say({ type: 'Inspect', secret: secretToText(link.secret) })
    await world.redeemed(link)
    await peer.say(contactOf(link, carol, { identity: { name: 'Carol' } }))
    expect(peer.types).toEqual(['Offer', 'ProvisioningResult'])
    expect(peer.refusal).toBe('used')
  })
})

describe('a look when the store can’t be asked', () => {
  it('ends without a word, and the store is told as failed', async () => {
    const world = new World({
      inviter: {
        store: (own) => ({
          lookups: {
            ...own.lookups,
            redemptions: {
              ...own.lookups.redemptions,
              prospect: () => Promise.reject(new DiskError('the disk is broken')),
            },
          },
          submit: (work) => own.submit(work),
          rehearse: (work) => own.rehearse(work),
        }),
      },
    })
    expect(await look(world, world.invite(), world.bob)).toBeUndefined()
    expect(world.alice.storeFailures).toHaveLength(1)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})
