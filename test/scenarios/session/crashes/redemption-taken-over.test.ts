import { describe, expect, it } from 'vitest'
import type { MemoryHooks } from '../../../../src/hooks/memory/create-memory-hooks.ts'
import type { SessionHooks } from '../../../../src/hooks/session-hooks.ts'
import { answered } from '../../../../src/session/ports/written.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { NOTHING_LEFT, type TestNode, World } from '../../../support/session/world.ts'

/** Another process takes over the one redemption of this node, as after a restart. */
async function takeOver(node: TestNode, bootstrapId: string): Promise<void> {
  const [token] = await node.store.query(() => tokenRecords.list())
  const [session] = node.sessions
  const grant = node.store.repositories.tokens.grantOf(token?.id ?? '')
  if (grant === undefined) throw new Error('nothing to take over')
  const [now, peerId] = [node.clock.now(), session?.peerId ?? '']
  const sessionId = 'another-process'
  const request = {
    redemptionId: 'unused',
    sessionId,
    grant,
    inviter: node.peerId,
    peerId,
    bootstrapId,
    requestHash: 'f'.repeat(64),
    another: false,
    now,
    reservedUntil: now + 60_000,
    running: new Set<string>(),
  }
  const facts = { sessionId, peerId, at: now, monotonic: 0 }
  const outcome = await answered(node.store, 'reserve', { op: 'reserve', request, facts })
  if (outcome.kind !== 'reserved') throw new Error(`not taken over: ${outcome.kind}`)
}

describe('a session whose redemption was taken over', () => {
  const places = ['identity', 'provision', 'verify'] as const

  it.each(places)(
    '(in %s) ends without a word about the use, and gives nothing back',
    async (place) => {
      const told: string[] = []
      let alice: TestNode | undefined
      const lose = async (where: string): Promise<void> => {
        if (where === place && alice !== undefined) await takeOver(alice, 'bootstrap-2')
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
            await lose('identity')
            return true
          },
        },
        database: {
          provision: async (...all) => {
            await lose('provision')
            return await own.database.provision(...all)
          },
          deprovision: async () => void told.push('deprovision'),
          verify: async () => {
            await lose('verify')
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
      expect(await world.alice.tallies).toEqual([])
      expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
        { used: 0, reserved: 1 },
      ])
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    },
  )
})
