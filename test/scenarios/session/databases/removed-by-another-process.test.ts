import { describe, expect, test } from 'vitest'
import type { SessionHooks } from '../../../../src/hooks/session-hooks.ts'
import type { MemoryHooks } from '../../../../src/index.ts'
import type { BootstrapOutcome } from '../../../../src/session/dialer/outcome.ts'
import type { OwedRemoval } from '../../../../src/session/ports/removals.ts'
import { removalRecords } from '../../../../src/store/records/removal-records.ts'
import {
  NOTHING_LEFT,
  type NodeInit,
  settle,
  TestNode,
  World,
} from '../../../support/session/world.ts'
import { readNow } from '../../../support/store/read-now.ts'
import { VirtualClock } from '../../../support/virtual-clock.ts'

// Two processes of one party share a store, and a server on which databases are really built. What the first one
// could not finish is being removed by it when the second one builds it again.

/** A server that removes when it is told to. */
class Server {
  readonly there = new Set<string>()
  built = 0
  removed = 0
  #told = Promise.withResolvers<Error | undefined>()

  /** What is being removed is gone now; with an error, it is still there. */
  answer(error?: Error): void {
    this.#told.resolve(error)
    this.#told = Promise.withResolvers()
  }

  build(tallyId: string): void {
    this.built += 1
    this.there.add(tallyId)
  }

  async remove(tallyId: string): Promise<void> {
    const problem = await this.#told.promise
    if (problem !== undefined) throw problem
    this.removed += 1
    this.there.delete(tallyId)
  }
}

interface Scene {
  readonly world: World
  readonly server: Server
  readonly first: TestNode
  readonly second: TestNode
  owed(): readonly OwedRemoval[]
  /** Redeem with that process of the party that builds. */
  redeem(by: TestNode): Promise<BootstrapOutcome>
}

const NAMES = { inviter: 1, invitee: 2 } as const

/**
 * Whoever holds the stock builds; its first process breaks when it has built. That one's own time stands still: what
 * it has begun to remove it waits for, as long as it takes.
 */
function twoProcesses(builder: keyof typeof NAMES, init: NodeInit = {}): Scene {
  const server = new Server()
  const world = new World()
  const { store, own } = builder === 'inviter' ? world.alice : world.bob
  const process = (processId: string, isBroken: boolean): NodeInit => ({
    store: () => store,
    hooks: () => ({
      ...own,
      database: {
        provision: (...all) => {
          server.build(all[4].tallyId)
          return isBroken ? Promise.reject(new Error('broken')) : own.database.provision(...all)
        },
        deprovision: (tallyId) => server.remove(tallyId),
      },
    }),
    processId,
    ...init,
  })
  const name = NAMES[builder]
  const first = new TestNode(name, new VirtualClock(), process('first', true))
  const second = new TestNode(name, world.clock, process('second', false))
  const link = world.invite({ initiatorRole: builder === 'inviter' ? 'stock' : 'foil' })
  const redeem = (by: TestNode) =>
    builder === 'inviter'
      ? world.redeem(link, {}, world.bob, by)
      : world.redeem(link, {}, by, world.alice)
  const owed = () => readNow(store, () => removalRecords.list(2))
  return { world, server, first, second, owed, redeem }
}

/** Not awaited: it may be what the test is about that it does not come. */
async function begun(scene: Scene): Promise<{ readonly outcome: Promise<BootstrapOutcome> }> {
  const { first, second, redeem } = scene
  const failed = redeem(first)
  await settle()
  expect(await failed).toMatchObject({ completed: false })
  expect(scene.owed()).toHaveLength(1)
  const outcome = redeem(second)
  await settle()
  return { outcome }
}

describe.each(['inviter', 'invitee'] as const)('what another process removes (%s)', (builder) => {
  test('is not built again before it is gone', async () => {
    const scene = twoProcesses(builder)
    const { world, server } = scene
    const { outcome } = await begun(scene)
    await world.pass(1_000, 100)
    server.answer()
    await world.pass(1_000, 100)
    const done = await outcome
    expect(done).toMatchObject({ completed: true })
    expect([...server.there]).toEqual([done.completed ? done.tallyId : 'none'])
    expect([server.built, server.removed]).toEqual([2, 1])
    await world.pass(60_000, 1_000)
    expect(scene.owed()).toEqual([])
    expect(server.there.size).toBe(1)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  test('is built again as soon as that has failed, and then stays', async () => {
    const scene = twoProcesses(builder)
    const { world, server, second } = scene
    const { outcome } = await begun(scene)
    server.answer(new Error('the server went away'))
    await world.pass(1_000, 100)
    expect(await outcome).toMatchObject({ completed: true })
    expect(scene.owed()).toEqual([])
    second.manager.start()
    await world.pass(60_000, 1_000)
    server.answer()
    await settle()
    expect([server.there.size, server.removed]).toEqual([1, 0])
    await second.manager.drain(0)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  test('is not waited for longer than a step lasts, and is removed once more after that', async () => {
    // Not a whole number of looks: one more would be due.
    const scene = twoProcesses(builder, { config: { provisionTimeoutMs: 9_950 } })
    const { world, server, second } = scene
    const { outcome } = await begun(scene)
    await world.pass(9_960, 120)
    expect(await outcome).toMatchObject({ completed: false })
    expect([server.built, second.storeFailures]).toEqual([1, []])
    expect(scene.owed()).toMatchObject([{ claim: { owner: expect.stringMatching(/^first\//) } }])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
    server.answer()
    await settle()
    // Who gave up may have built after all, for what the first one knows.
    expect(scene.owed()).toMatchObject([{ tries: 0 }])
    expect(scene.owed()[0]?.claim).toBeUndefined()
    second.manager.start()
    await settle()
    server.answer()
    await settle()
    expect([scene.owed(), server.removed]).toEqual([[], 2])
    await second.manager.drain(0)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  test('is left to nobody: once it is known to be dead, who builds goes on at once', async () => {
    const dead = new Set<string>()
    const scene = twoProcesses(builder, { isGone: (process) => dead.has(process) })
    const { world, server } = scene
    const { outcome } = await begun(scene)
    await world.pass(2_000, 100)
    expect(server.built).toBe(1)
    dead.add('first')
    await world.pass(200, 100)
    expect(await outcome).toMatchObject({ completed: true })
    expect(scene.owed()).toEqual([])
  })

  test.each([
    ['that stands still', () => false],
    [
      'of which nothing can be learned',
      () => {
        throw new Error('too many open files')
      },
    ],
  ])('stays claimed by a process %s, whatever the time is', async (_, isGone) => {
    const scene = twoProcesses(builder, { isGone })
    const { world, server, second, redeem } = scene
    const { outcome } = await begun(scene)
    await world.pass(11_000, 1_000)
    expect(await outcome).toMatchObject({ completed: false })
    second.manager.start()
    world.clock.shiftWall(120_000)
    await world.pass(11_000, 1_000)
    const again = redeem(second)
    await world.pass(2_000, 1_000)
    expect(server.built).toBe(1)
    server.answer()
    await world.pass(1_000, 100)
    expect(await again).toMatchObject({ completed: true })
    expect([server.there.size, server.removed]).toEqual([1, 1])
    await second.manager.drain(0)
  })
})

test('where no process has a name, what was claimed is free after a time', async () => {
  const { world, server, second, redeem, ...scene } = twoProcesses('inviter', { processId: '' })
  const { outcome } = await begun({ world, server, second, redeem, ...scene })
  await world.pass(25_000, 1_000)
  expect(await outcome).toMatchObject({ completed: false })
  const again = redeem(second)
  await world.pass(4_500, 500)
  expect(server.built).toBe(1)
  await world.pass(1_000, 100)
  expect(await again).toMatchObject({ completed: true })
  expect([server.built, scene.owed()]).toEqual([2, []])
  expect(world.leftovers).toEqual(NOTHING_LEFT)
})

describe('an invitee that stands still while it builds, for longer than its lease', () => {
  async function overtaken() {
    const server = new Server()
    const gate = Promise.withResolvers<void>()
    const world = new World()
    const hooks = (own: MemoryHooks): SessionHooks => ({
      ...own,
      database: {
        provision: async (...all) => {
          server.build(all[4].tallyId)
          await gate.promise
          return own.database.provision(...all)
        },
        deprovision: (tallyId) => server.remove(tallyId),
      },
    })
    const { store, own } = world.bob
    const shared = { store: () => store, hooks: () => hooks(own) }
    const sleeper = new TestNode(2, new VirtualClock(), { ...shared, processId: 'first' })
    const outcome = world.redeem(world.invite({ initiatorRole: 'foil' }), {}, sleeper)
    await settle()
    const stream = world.streams[0]?.dialer
    stream?.pause()
    // Whose server takes its time.
    const config = { provisionTimeoutMs: 300_000 }
    const second = world.stranger(2, { ...shared, processId: 'second', config })
    second.manager.start()
    await world.pass(60_000, 5_000)
    const goOn = async (): Promise<void> => {
      gate.resolve()
      await settle()
      stream?.resume()
      await settle()
    }
    return { world, server, second, outcome, goOn }
  }

  test('does not keep what another process is removing', async () => {
    const { world, server, second, outcome, goOn } = await overtaken()
    await goOn()
    expect(await outcome).toMatchObject({ completed: false, reason: 'hook_failed' })
    server.answer()
    await settle()
    expect([server.there.size, await world.bob.tallies]).toEqual([0, []])
    // Its own removal, which came after the other one had begun.
    server.answer()
    await world.pass(20_000, 1_000)
    server.answer()
    await settle()
    expect(readNow(world.bob.store, () => removalRecords.list(1))).toEqual([])
    await second.manager.drain(0)
  })

  test('does not keep what another process has removed', async () => {
    const { world, server, second, outcome, goOn } = await overtaken()
    server.answer()
    await settle()
    expect(readNow(world.bob.store, () => removalRecords.list(1))).toEqual([])
    await goOn()
    expect(await outcome).toMatchObject({ completed: false, reason: 'hook_failed' })
    server.answer()
    await settle()
    expect([server.there.size, await world.bob.tallies]).toEqual([0, []])
    expect(readNow(world.bob.store, () => removalRecords.list(1))).toEqual([])
    await second.manager.drain(0)
  })
})

describe('what was built by who was overtaken meanwhile', () => {
  const twoBuilders = () => {
    const server = new Server()
    const gate = Promise.withResolvers<void>()
    const hooks =
      (isFirst: boolean) =>
      (own: MemoryHooks): SessionHooks => ({
        ...own,
        database: {
          provision: async (...all) => {
            if (!isFirst) throw new Error('broken')
            await gate.promise
            server.build(all[4].tallyId)
            return own.database.provision(...all)
          },
          deprovision: (tallyId) => server.remove(tallyId),
        },
      })
    return { server, hooks, build: () => gate.resolve() }
  }

  test('goes too, once who overtook it has given up (inviter)', async () => {
    const { server, hooks, build } = twoBuilders()
    const world = new World({ inviter: { hooks: hooks(true), processId: 'first' } })
    const { store, own } = world.alice
    const init = { store: () => store, hooks: () => hooks(false)(own), processId: 'second' }
    const second = world.stranger(1, init)
    const link = world.invite()
    const outcome = world.redeem(link)
    await settle()
    // Bob has lost what he knew of it.
    const failed = world.redeem(link, {}, world.stranger(2), second)
    await settle()
    expect(await failed).toMatchObject({ reason: 'provision_failed' })
    server.answer()
    await settle()
    build()
    await settle()
    expect(await outcome).toMatchObject({ completed: false, reason: 'in_progress' })
    expect([server.built, readNow(store, () => removalRecords.list(2)).length]).toEqual([1, 1])
    server.answer()
    await settle()
    expect([server.there.size, readNow(store, () => removalRecords.list(2))]).toEqual([0, []])
  })

  test('goes too, once who overtook it has given up (invitee)', async () => {
    const { server, hooks, build } = twoBuilders()
    const world = new World()
    const { store, own } = world.bob
    const process = (isFirst: boolean) => ({ store: () => store, hooks: () => hooks(isFirst)(own) })
    const first = new TestNode(2, new VirtualClock(), { ...process(true), processId: 'first' })
    const link = world.invite({ initiatorRole: 'foil' })
    const outcome = world.redeem(link, {}, first)
    await settle()
    const stream = world.streams[0]?.dialer
    stream?.pause()
    await world.pass(40_000, 5_000)
    const second = world.stranger(2, { ...process(false), processId: 'second' })
    const failed = world.redeem(link, {}, second)
    await settle()
    expect(await failed).toMatchObject({ reason: 'hook_failed' })
    server.answer()
    await settle()
    expect(readNow(store, () => removalRecords.list(2))).toEqual([])
    build()
    await settle()
    expect(await outcome).toMatchObject({ completed: false, reason: 'superseded' })
    server.answer()
    await settle()
    expect([server.built, server.there.size, readNow(store, () => removalRecords.list(2))]).toEqual(
      [1, 0, []],
    )
  })
})
