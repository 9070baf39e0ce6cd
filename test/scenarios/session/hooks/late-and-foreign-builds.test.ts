import { describe, expect, it } from 'vitest'
import type { MemoryHooks } from '../../../../src/hooks/memory/create-memory-hooks.ts'
import type { DatabaseResult, SessionHooks } from '../../../../src/hooks/session-hooks.ts'
import { automergeDatabase } from '../../../../src/tally/automerge-database.ts'
import { withStub } from '../../../support/session/stub-hooks.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'

describe('database.provision', () => {
  const slowly = (gate: Promise<void>) => (own: MemoryHooks) =>
    withStub('database.provision', async (...args) => {
      await gate
      const [createdBy, inviter, invitee, sessionId, context] = args as Parameters<
        typeof own.database.provision
      >
      // A host that does not look at the signal.
      const signal = new AbortController().signal
      return await own.database.provision(createdBy, inviter, invitee, sessionId, {
        ...context,
        signal,
      })
    })(own)

  it('that answers after its deadline has what it built taken back', async () => {
    for (const initiatorRole of ['stock', 'foil'] as const) {
      const gate = Promise.withResolvers<void>()
      const slow = { hooks: slowly(gate.promise) }
      const world = new World(initiatorRole === 'stock' ? { inviter: slow } : { invitee: slow })
      const builder = initiatorRole === 'stock' ? world.alice : world.bob
      const removed = spyOnRemovals(builder.own)
      const outcome = world.redeem(world.invite({ initiatorRole }))
      await world.pass(16_000)
      expect(await outcome).toMatchObject({ completed: false })
      const early = removed.length
      gate.resolve()
      await settle()
      expect(removed.length).toBe(early + 1)
      expect(builder.own.database.draftOf(removed.at(-1) ?? '')).toBeUndefined()
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    }
  })

  it('that answers late does not take away what a later session has built', async () => {
    let calls = 0
    const gate = Promise.withResolvers<void>()
    const hooks = (own: MemoryHooks): SessionHooks => {
      const slow = slowly(gate.promise)(own)
      return {
        ...slow,
        database: {
          ...slow.database,
          provision: async (...all) => {
            calls += 1
            const hook = calls === 1 ? slow.database : own.database
            return await hook.provision(...all)
          },
        },
      }
    }
    const world = new World({ inviter: { hooks } })
    const link = world.invite()
    const first = world.redeem(link)
    await world.pass(12_000)
    expect(await first).toMatchObject({ completed: false })
    const second = await world.redeemed(link)
    expect(second).toMatchObject({ completed: true })
    gate.resolve()
    await settle()
    const tallyId = second.completed ? second.tallyId : ''
    expect(world.alice.own.database.draftOf(tallyId)).toEqual(
      (await world.alice.tallies)[0]?.built.draft,
    )
  })

  it('that answers late does not take away what a later session is building', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const removed: number[] = []
    let calls = 0
    const hooks = (own: MemoryHooks): SessionHooks => ({
      ...own,
      database: {
        provision: async (createdBy, _inviter, _invitee, _session, { tallyId }) => {
          calls += 1
          await gates[calls - 1]?.promise
          return { tally: { tallyId, createdBy }, dbConnectionInfo: automergeDatabase(tallyId) }
        },
        deprovision: async () => void removed.push(calls),
      },
    })
    const world = new World({ inviter: { hooks } })
    const link = world.invite()
    const first = world.redeem(link)
    await world.pass(11_000)
    expect(await first).toMatchObject({ completed: false })
    expect(removed).toEqual([1])
    const second = world.redeem(link)
    await settle()
    expect(calls).toBe(2)
    gates[0]?.resolve()
    await settle()
    expect(removed).toEqual([1])
    gates[1]?.resolve()
    expect(await second).toMatchObject({ completed: true })
  })

  it('of the next session waits for the removal by the last one', async () => {
    const removal = Promise.withResolvers<void>()
    const order: string[] = []
    let calls = 0
    const hooks = (own: MemoryHooks): SessionHooks => ({
      ...own,
      database: {
        provision: async (...all) => {
          calls += 1
          order.push(`build ${calls}`)
          if (calls === 1) throw new Error('disk full')
          return await own.database.provision(...all)
        },
        deprovision: async (tallyId, context) => {
          order.push('removal begins')
          await removal.promise
          await own.database.deprovision(tallyId, context)
          order.push('removal ends')
        },
      },
    })
    const world = new World({ inviter: { hooks } })
    const link = world.invite()
    expect(await world.redeemed(link)).toMatchObject({ reason: 'provision_failed' })
    const second = world.redeem(link)
    await settle()
    removal.resolve()
    expect(await second).toMatchObject({ completed: true })
    expect(order).toEqual(['build 1', 'removal begins', 'removal ends', 'build 2'])
  })

  it('may name the tally itself', async () => {
    const named = (tallyId: string): DatabaseResult => ({
      tally: { tallyId, createdBy: 'stock' },
      dbConnectionInfo: { engine: 'own', endpoint: 'own:1', credentialsRef: 'x' },
    })
    const world = new World({
      inviter: { hooks: withStub('database.provision', async () => named('tally-of-mine')) },
      invitee: { hooks: withStub('database.verify', async () => true) },
    })
    const outcome = await world.redeemed(world.invite())
    expect(outcome).toMatchObject({ completed: true, tallyId: 'tally-of-mine' })
    expect((await world.bob.tallies)[0]?.built).toEqual((await world.alice.tallies)[0]?.built)
  })

  it('that builds for the wrong role has it taken back', async () => {
    const world = new World({
      inviter: {
        hooks: withStub('database.provision', async () => ({
          tally: { tallyId: 'wrong', createdBy: 'foil' },
          dbConnectionInfo: { endpoint: 'x', credentialsRef: 'x' },
        })),
      },
    })
    const removed = spyOnRemovals(world.alice.own)
    expect(await world.redeemed(world.invite())).toMatchObject({ reason: 'provision_failed' })
    expect(removed).toContain('wrong')
  })
})

/** Every tally id that was asked to be removed. */
function spyOnRemovals(own: MemoryHooks): string[] {
  const removed: string[] = []
  const remove = own.database.deprovision.bind(own.database)
  own.database.deprovision = async (tallyId, context) => {
    removed.push(tallyId)
    await remove(tallyId, context)
  }
  return removed
}
