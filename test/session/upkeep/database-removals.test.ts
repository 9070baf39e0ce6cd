import { expect, test } from 'vitest'
import type { SessionHooks } from '../../../src/hooks/session-hooks.ts'
import type { MemoryHooks } from '../../../src/index.ts'
import { removalRecords } from '../../../src/store/records/removal-records.ts'
import { NOTHING_LEFT, settle, World } from '../../support/session/world.ts'
import { readNow } from '../../support/store/read-now.ts'

/** Building fails after something was built; removing fails as often as said. */
function clumsy(failures: number, removed: string[]): (own: MemoryHooks) => SessionHooks {
  let left = failures
  return (own) => ({
    ...own,
    database: {
      provision: async (...all) => {
        await own.database.provision(...all)
        throw new Error('the server went away')
      },
      deprovision: async (tallyId) => {
        left -= 1
        if (left >= 0) throw new Error('still away')
        removed.push(tallyId)
      },
    },
  })
}

test('what was built for nobody is removed, however often that fails', async () => {
  const removed: string[] = []
  const world = new World({ inviter: { hooks: clumsy(3, removed) } })
  world.alice.manager.start()
  expect(await world.redeemed(world.invite())).toMatchObject({ completed: false })
  await settle()
  const [owed] = readNow(world.alice.store, () => removalRecords.list(10))
  expect(owed).toMatchObject({ tries: 1, lastError: expect.stringContaining('still away') })
  expect(removed).toEqual([])
  await world.pass(60_000, 1_000)
  expect(removed).toEqual([owed?.tallyId])
  expect(readNow(world.alice.store, () => removalRecords.list(10))).toEqual([])
  expect(world.alice.auditEvents.slice(-4)).toEqual([
    'removal failed',
    'removal failed',
    'removal failed',
    'removed',
  ])
  await world.alice.manager.drain(0)
  expect(world.leftovers).toEqual(NOTHING_LEFT)
})

test('the pauses between tries grow', async () => {
  const world = new World({ inviter: { hooks: clumsy(100, []) } })
  world.alice.manager.start()
  await world.redeemed(world.invite())
  const times: number[] = []
  for (let at = 0; at < 400; at += 1) {
    await world.pass(10_000, 10_000)
    const [owed] = readNow(world.alice.store, () => removalRecords.list(1))
    if (owed !== undefined && times.length < owed.tries) times.push(world.clock.now())
  }
  const pauses = times.slice(1).map((time, at) => time - (times[at] ?? 0))
  expect(pauses.length).toBeGreaterThan(5)
  expect(pauses.length).toBeLessThan(20)
  expect(pauses.toSorted((a, b) => a - b)).toEqual(pauses)
  expect(pauses.at(-1)).toBeGreaterThan(600_000)
  await world.alice.manager.drain(0)
})

test('what the same peer builds again meanwhile is left alone', async () => {
  let broken = true
  const removed: string[] = []
  const world = new World({
    inviter: {
      hooks: (own) => ({
        ...own,
        database: {
          provision: (...all) =>
            broken
              ? Promise.reject(new Error('the server went away'))
              : own.database.provision(...all),
          deprovision: async (tallyId) => {
            removed.push(tallyId)
            if (broken) throw new Error('still away')
          },
        },
      }),
    },
  })
  world.alice.manager.start()
  const link = world.invite()
  expect(await world.redeemed(link)).toMatchObject({ completed: false })
  await settle()
  const [owed] = readNow(world.alice.store, () => removalRecords.list(1))
  expect(removed).toEqual([owed?.tallyId])
  broken = false
  const outcome = await world.redeemed(link)
  expect(outcome).toMatchObject({ completed: true, tallyId: owed?.tallyId })
  await world.pass(60_000, 1_000)
  expect(removed).toEqual([owed?.tallyId])
  expect(readNow(world.alice.store, () => removalRecords.list(1))).toEqual([])
  await world.alice.manager.drain(0)
})

test('without a hook to remove with, what stays is told once and forgotten', async () => {
  const world = new World({
    inviter: {
      hooks: (own) => ({
        ...own,
        database: { provision: () => Promise.reject(new Error('no')) },
      }),
    },
  })
  world.alice.manager.start()
  await world.redeemed(world.invite())
  await world.pass(20_000, 1_000)
  expect(readNow(world.alice.store, () => removalRecords.list(1))).toEqual([])
  expect(world.alice.auditEvents.at(-1)).toBe('left')
  await world.alice.manager.drain(0)
})

test('what a late build leaves behind while it is being removed is removed too', async () => {
  const built = Promise.withResolvers<void>()
  const removing = Promise.withResolvers<void>()
  const there = new Set<string>()
  let removals = 0
  const world = new World({
    inviter: {
      hooks: (own) => ({
        ...own,
        database: {
          provision: async (createdBy, initiator, respondent, sessionId, context) => {
            await built.promise
            there.add(context.tallyId)
            return own.database.provision(createdBy, initiator, respondent, sessionId, context)
          },
          deprovision: async (tallyId) => {
            removals += 1
            there.delete(tallyId)
            // The server takes its time to say so, and the build ends meanwhile.
            if (removals === 1) await removing.promise
          },
        },
      }),
    },
  })
  world.alice.manager.start()
  const outcome = world.redeemed(world.invite())
  await world.pass(12_000, 1_000)
  expect(await outcome).toMatchObject({ completed: false })
  expect(removals).toBe(1)
  built.resolve()
  await settle()
  expect(there.size).toBe(1)
  removing.resolve()
  await world.pass(60_000, 1_000)
  expect(there).toEqual(new Set())
  expect(readNow(world.alice.store, () => removalRecords.list(1))).toEqual([])
  await world.alice.manager.drain(0)
  expect(world.leftovers).toEqual(NOTHING_LEFT)
})
