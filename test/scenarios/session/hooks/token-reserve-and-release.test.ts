import { describe, expect, it } from 'vitest'
import type { MemoryHooks } from '../../../../src/hooks/memory/create-memory-hooks.ts'
import type { SessionHooks } from '../../../../src/hooks/session-hooks.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { reapOptions } from '../../../support/session/reaping.ts'
import { withStub } from '../../../support/session/stub-hooks.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'

describe('token.reserve', () => {
  it('is asked once our own reservation is durable, and given the use back if it says yes too late', async () => {
    const yes = Promise.withResolvers<true>()
    const released: unknown[] = []
    const hooks = (own: MemoryHooks): SessionHooks => {
      const base = withStub('token.reserve', () => yes.promise)(own)
      return {
        ...base,
        token: {
          ...base.token,
          release: async (tokenId) => void released.push(tokenId),
        },
      }
    }
    const world = new World({ inviter: { hooks } })
    const outcome = world.redeem(world.invite())
    await settle()
    expect(world.alice.auditEvents).toEqual(['reserved'])
    await world.pass(6_000)
    await outcome
    expect(world.alice.auditEvents).toEqual(['reserved', 'released'])
    expect(released).toHaveLength(1)
    yes.resolve(true)
    await settle()
    expect(released).toHaveLength(2)
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
    await world.pass(2_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it.each(['by itself', 'by a reaper'])(
    'is given the use back when its reservation lapses, noticed %s',
    async (noticed) => {
      const released: unknown[] = []
      const hooks = (own: MemoryHooks): SessionHooks => ({
        ...own,
        token: {
          validate: (...all) => own.token.validate(...all),
          markUsed: (...all) => own.token.markUsed(...all),
          reserve: async () => true,
          release: async (tokenId, { redemptionId }) =>
            void released.push({ tokenId, redemptionId }),
        },
      })
      const world = new World({ inviter: { hooks } })
      world.faults = {
        fate: (side, _payload, n) => (side === 'dialer' && n > 1 ? 'cut' : 'deliver'),
      }
      await world.redeemed(world.invite({ initiatorRole: 'foil' }))
      expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
        { reserved: 1 },
      ])
      const { manager } = world.alice
      if (noticed === 'by itself') manager.start()
      await world.pass(700_000, 10_000)
      if (noticed === 'by a reaper') await manager.reap(reapOptions(['expired']))
      await settle()
      const [session] = world.alice.sessions
      expect(released).toEqual([{ tokenId: session?.tokenId, redemptionId: session?.redemptionId }])
      await manager.drain(0)
    },
  )

  it('may refuse what the ledger would give', async () => {
    const stub = async () => ({ refused: 'used', reason: 'another node was quicker' })
    const world = new World({ inviter: { hooks: withStub('token.reserve', stub) } })
    expect(await world.redeemed(world.invite())).toMatchObject({
      reason: 'used',
      detail: 'another node was quicker',
    })
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
  })
})
