import { describe, expect, it } from 'vitest'
import type { MemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import type { SessionHooks } from '../../../src/hooks/session-hooks.ts'
import { contactOf, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, type TestNode, World } from '../../support/session/world.ts'

/** Another process takes over the one redemption of this node, as after a restart. */
function takeOver(node: TestNode, bootstrapId: string): void {
  const [token] = node.store.repositories.tokens.list()
  const [session] = node.sessions
  node.store.transact((transaction) => {
    const grant = transaction.grantOf(token?.id ?? '')
    if (grant === undefined) throw new Error('nothing to take over')
    const outcome = transaction.reserve({
      redemptionId: 'unused',
      sessionId: 'another-process',
      grant,
      inviter: node.peerId,
      peerId: session?.peerId ?? '',
      bootstrapId,
      requestHash: 'f'.repeat(64),
      another: false,
      now: node.clock.now(),
      reservedUntil: node.clock.now() + 60_000,
      isRunning: () => false,
    })
    if (outcome.kind !== 'reserved') throw new Error(`not taken over: ${outcome.kind}`)
  })
}

describe('a session whose redemption was taken over', () => {
  const places = ['identity', 'provision', 'verify'] as const

  it.each(places)(
    '(in %s) ends without a word about the use, and gives nothing back',
    async (place) => {
      const told: string[] = []
      let alice: TestNode | undefined
      const lose = (where: string): void => {
        if (where === place && alice !== undefined) takeOver(alice, 'bootstrap-2')
      }
      const hooks = (own: MemoryHooks): SessionHooks => ({
        ...own,
        token: {
          validate: (...all) => own.token.validate(...all),
          markUsed: async () => void told.push('markUsed'),
          release: async () => void told.push('release'),
        },
        identity: {
          validate: async () => {
            lose('identity')
            return true
          },
        },
        database: {
          provision: async (...all) => {
            lose('provision')
            return await own.database.provision(...all)
          },
          deprovision: async () => void told.push('deprovision'),
          verify: async () => {
            lose('verify')
            return true
          },
        },
      })
      const world = new World({ inviter: { hooks } })
      alice = world.alice
      const link = world.invite({
        initiatorRole: place === 'verify' ? 'foil' : 'stock',
        identityRequirements: ['name'],
      })
      const outcome = await world.redeemed(link, { identity: { name: 'Bob' } })
      expect(outcome).toMatchObject({
        completed: false,
        reason: 'in_progress',
        retryAfterMs: 1_000,
      })
      expect(world.alice.sessions[0]).toMatchObject({ state: 'FAILED', reason: 'superseded' })
      expect(told).toEqual([])
      expect(world.alice.tallies).toEqual([])
      expect(world.alice.store.repositories.tokens.list()).toMatchObject([{ used: 0, reserved: 1 }])
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    },
  )
})

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
      expect(world.alice.tallies).toEqual([])
      expect(world.alice.store.repositories.tokens.list()).toMatchObject([{ used: 0, reserved: 0 }])
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
    expect(world.alice.tallies).toEqual([])
    expect(world.alice.store.repositories.tokens.list()).toMatchObject([{ used: 0, reserved: 0 }])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})
