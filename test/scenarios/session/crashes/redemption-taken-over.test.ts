import { describe, expect, it } from 'vitest'
import type { MemoryHooks } from '../../../../src/hooks/memory/create-memory-hooks.ts'
import type { SessionHooks } from '../../../../src/hooks/session-hooks.ts'
import { NOTHING_LEFT, type TestNode, World } from '../../../support/session/world.ts'

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
