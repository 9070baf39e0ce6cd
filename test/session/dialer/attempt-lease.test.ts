import { describe, expect, it } from 'vitest'
import type { SessionHooks } from '../../../src/hooks/session-hooks.ts'
import type { LinkContent } from '../../../src/protocol/link/link-content.ts'
import { linkHash } from '../../../src/protocol/link/secret.ts'
import type { Dialer } from '../../../src/session/ports/dialer.ts'
import type { SessionStore } from '../../../src/session/ports/store.ts'
import { recoverSessions } from '../../../src/session/recovery/recover-sessions.ts'
import { removalRecords } from '../../../src/store/records/removal-records.ts'
import {
  NOTHING_LEFT,
  type NodeInit,
  settle,
  TestNode,
  World,
} from '../../support/session/world.ts'
import { readNow } from '../../support/store/read-now.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** Longer than any lease. */
const LONG_MS = 60_000

/** Another process of Bob's, on the same data directory. */
function secondProcess(world: World, init: NodeInit = {}): TestNode {
  const { store, own } = world.bob
  return world.stranger(2, { store: () => store, hooks: () => own, ...init })
}

const leaseOn = (world: World, link: LinkContent) =>
  world.bob.store.repositories.attempts.latest(linkHash(link))?.lease

/** A store that is looked over the shoulder: `then` is called once, after the first question about a link is answered. */
function overlooked(own: SessionStore, then: () => Promise<void>): SessionStore {
  const { attempts } = own.lookups
  let isFirst = true
  return {
    lookups: {
      ...own.lookups,
      attempts: {
        ...attempts,
        isLinkBusy: async (...all) => {
          const isBusy = await attempts.isLinkBusy(...all)
          if (isFirst) {
            isFirst = false
            await then()
          }
          return isBusy
        },
      },
    },
    submit: (work) => own.submit(work),
    rehearse: (work) => own.rehearse(work),
  }
}

describe('two processes with the same link', () => {
  it.each(['stock', 'foil'] as const)('do not work on it at once (%s)', async (initiatorRole) => {
    const world = new World()
    const link = world.invite({ initiatorRole })
    const second = secondProcess(world)
    const first = world.redeem(link)
    await settle(1)
    expect(await world.redeem(link, {}, second)).toMatchObject({
      completed: false,
      reason: 'in_progress',
      retryAfterMs: 1_000,
    })
    await settle()
    const done = await first
    expect(done).toMatchObject({ completed: true })
    expect(world.bob.sessions).toHaveLength(1)
    const again = await world.redeemed(link, {}, second)
    expect(again).toMatchObject({ completed: true, tallyId: done.completed ? done.tallyId : '' })
    expect(await world.bob.tallies).toHaveLength(1)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('are told apart even if both made their plan before either began', async () => {
    const world = new World()
    const link = world.invite()
    let first: ReturnType<World['redeem']> | undefined
    const begin = async (): Promise<void> => {
      first = world.redeem(link)
      await settle(1)
    }
    const second = secondProcess(world, { store: () => overlooked(world.bob.store, begin) })
    const outcome = await world.redeemed(link, {}, second)
    expect(outcome).toMatchObject({ reason: 'in_progress', step: 'CREATED', retryAfterMs: 1_000 })
    expect(await first).toMatchObject({ completed: true })
    // A journal without a plan could not be replayed.
    expect(world.bob.sessions).toHaveLength(1)
    expect(await world.bob.tallies).toHaveLength(1)
    expect(world.streams).toHaveLength(1)
  })

  it('which follow each other have nothing to wait for', async () => {
    const world = new World()
    const link = world.invite({ identityRequirements: ['name'] })
    expect(await world.redeemed(link)).toMatchObject({ reason: 'identity_required' })
    expect(leaseOn(world, link)).toBeUndefined()
    const identity = { name: 'Bob' }
    const away: Dialer = {
      ...world.dialerOf(world.bob),
      dial: () => Promise.reject(new Error('away')),
    }
    const request = { link, identity, cadre: [] }
    expect(await world.bob.manager.redeem(request, away)).toMatchObject({ reason: 'unreachable' })
    expect(leaseOn(world, link)).toBeUndefined()
    world.faults = { fate: () => 'drop' }
    const slow = world.redeem(link, { identity })
    await settle()
    expect(leaseOn(world, link)).toMatchObject({ until: world.clock.now() + 35_000 })
    await world.pass(31_000, 1_000)
    expect(await slow).toMatchObject({ completed: false })
    expect(leaseOn(world, link)).toBeUndefined()
    world.faults = {}
    expect(await world.redeemed(link, { identity })).toMatchObject({ completed: true })
    expect(leaseOn(world, link)).toBeUndefined()
  })
})

type Moment = 'dialling' | 'checking' | 'building'

interface Paused {
  readonly process: TestNode
  readonly clock: VirtualClock
  readonly outcome: ReturnType<World['redeem']>
  /** What it waited for has come. */
  goOn(): void
}

/** A process that stands still at that moment: nothing comes to it, and its own time does not pass. */
async function paused(world: World, link: LinkContent, moment: Moment): Promise<Paused> {
  const gate = Promise.withResolvers<void>()
  const clock = new VirtualClock()
  const { store, own } = world.bob
  const hooks: SessionHooks = {
    ...own,
    database: {
      provision: async (...all) => {
        if (moment === 'building') await gate.promise
        return await own.database.provision(...all)
      },
      deprovision: (...all) => own.database.deprovision(...all),
      verify: async (...all) => {
        if (moment === 'checking') await gate.promise
        return await own.database.verify(...all)
      },
    },
  }
  const process = new TestNode(2, clock, { store: () => store, hooks: () => hooks })
  const dialer = world.dialerOf(process)
  const dial: Dialer['dial'] = async (...all) => {
    if (moment === 'dialling') await gate.promise
    return await dialer.dial(...all)
  }
  const request = { link, identity: {}, cadre: [] }
  const outcome = process.manager.redeem(request, { ...dialer, dial })
  outcome.catch(() => undefined)
  await settle()
  const stream = world.streams.at(-1)?.dialer
  stream?.pause()
  const goOn = (): void => {
    stream?.resume()
    gate.resolve()
  }
  return { process, clock, outcome, goOn }
}

const PAUSES = [
  { role: 'stock', moment: 'dialling' },
  { role: 'stock', moment: 'checking' },
  { role: 'foil', moment: 'dialling' },
  { role: 'foil', moment: 'building' },
] as const

describe.each(PAUSES)('a process paused while $moment ($role), past its lease', (pause) => {
  async function overtaken() {
    const world = new World()
    const link = world.invite({ initiatorRole: pause.role })
    const sleeper = await paused(world, link, pause.moment)
    await world.pass(LONG_MS, 5_000)
    const second = secondProcess(world)
    const done = await world.redeemed(link, {}, second)
    expect(done).toMatchObject({ completed: true })
    return { world, sleeper, tallyId: done.completed ? done.tallyId : '' }
  }

  async function expectUnharmed(world: World, tallyId: string): Promise<void> {
    expect(await world.bob.tallies).toMatchObject([{ tallyId, status: 'confirmed' }])
    expect(await world.alice.tallies).toMatchObject([{ tallyId, status: 'confirmed' }])
    const builder = pause.role === 'stock' ? world.alice : world.bob
    expect(builder.own.database.draftOf(tallyId)).toEqual(
      (await world.alice.tallies)[0]?.built.draft,
    )
    expect(readNow(world.bob.store, () => removalRecords.list(10))).toEqual([])
  }

  it('finds that another went on, and changes nothing', async () => {
    const { world, sleeper, tallyId } = await overtaken()
    sleeper.goOn()
    await settle()
    expect(await sleeper.outcome).toMatchObject({
      completed: false,
      reason: 'superseded',
      retryAfterMs: 1_000,
    })
    await world.pass(LONG_MS, 5_000)
    await expectUnharmed(world, tallyId)
    expect(world.bob.sessions.map(({ state }) => state).sort()).toEqual(['COMPLETED', 'FAILED'])
    expect(sleeper.process.storeFailures).toEqual([])
    expect(sleeper.clock.timers).toBe(0)
  })

  it('does no harm by a deadline that has passed meanwhile either', async () => {
    const { world, sleeper, tallyId } = await overtaken()
    sleeper.clock.advance(LONG_MS)
    await settle()
    expect(await sleeper.outcome).toMatchObject({ reason: 'superseded' })
    sleeper.goOn()
    await settle()
    sleeper.clock.advance(LONG_MS)
    await world.pass(LONG_MS, 5_000)
    await expectUnharmed(world, tallyId)
  })

  it('whose session was closed meanwhile ends without a word in the store', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole: pause.role })
    const sleeper = await paused(world, link, pause.moment)
    await world.pass(LONG_MS, 5_000)
    const { store, clock } = world.bob
    expect(await recoverSessions({ store, clock }, 'dialer')).toHaveLength(1)
    const closed = world.bob.sessions
    sleeper.goOn()
    await settle()
    expect(await sleeper.outcome).toMatchObject({ completed: false, reason: 'superseded' })
    expect(world.bob.sessions).toEqual(closed)
    expect(sleeper.process.storeFailures).toEqual([])
    expect(sleeper.clock.timers).toBe(0)
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    expect(await world.bob.tallies).toHaveLength(1)
  })
})

describe('what a dead process held', () => {
  const crashed = async (world: World, link: LinkContent) => {
    const process = new TestNode(2, new VirtualClock(), {
      store: () => world.bob.store,
      processId: 'dead',
    })
    const dialer: Dialer = { ...world.dialerOf(process), dial: () => new Promise(() => undefined) }
    void process.manager.redeem({ link, identity: {}, cadre: [] }, dialer)
    await settle()
  }

  it('is free when its lease has run out', async () => {
    const world = new World()
    const link = world.invite()
    await crashed(world, link)
    expect(await world.redeemed(link)).toMatchObject({ reason: 'in_progress' })
    await world.pass(35_000, 5_000)
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
  })

  it('is free at once for whoever knows that it is dead', async () => {
    const world = new World()
    const link = world.invite()
    await crashed(world, link)
    const { store, clock } = world.bob
    await recoverSessions({ store, clock, isGone: () => false }, 'dialer')
    expect(await world.redeemed(link)).toMatchObject({ reason: 'in_progress' })
    const isGone = (process: string): boolean => process === 'dead'
    const looked = await recoverSessions({ store, clock, isGone }, 'dialer', true)
    expect(looked).toMatchObject([{ side: 'dialer', state: 'CONNECTING' }])
    expect(await world.redeemed(link)).toMatchObject({ reason: 'in_progress' })
    expect(await recoverSessions({ store, clock, isGone }, 'dialer')).toEqual(looked)
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    expect(await world.bob.tallies).toHaveLength(1)
  })
})
