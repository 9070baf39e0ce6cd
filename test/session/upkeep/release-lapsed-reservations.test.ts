import { describe, expect, it } from 'vitest'
import type { Submitted, Work } from '../../../src/session/ports/work.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { never, stuckWorld } from '../../support/session/stalls.ts'
import { NOTHING_LEFT, settle, World } from '../../support/session/world.ts'
import { ForwardingStore } from '../../support/store-wrappers.ts'

describe('a reservation whose session died with its process', () => {
  it('is released in time, and what may have been built is taken back', async () => {
    const world = stuckWorld()
    const removed: string[] = []
    const other = new World({
      inviter: {
        // The same store, another process: no session of that redemption is under way in it.
        store: () => world.alice.store,
        hooks: (own) => ({
          ...own,
          database: {
            provision: never,
            deprovision: async (tallyId) => void removed.push(tallyId),
          },
        }),
      },
    })
    const link = world.invite()
    void world.redeem(link)
    await settle()
    const [token] = await world.alice.store.query(() => tokenRecords.list())
    expect(token).toMatchObject({ reserved: 1 })
    other.alice.manager.start()
    await other.pass(50_000, 10_000)
    expect(removed).toEqual([])
    await other.pass(30_000, 10_000)
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { reserved: 0, used: 0 },
    ])
    expect(removed).toHaveLength(1)
    expect(world.alice.auditEvents).toContain('released')
    await other.alice.manager.drain(0)
    // The session that comes back to life finds that it was given up.
    await world.pass(11_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('of a session that lives on in this process is left alone, even if the clock leaps', async () => {
    // It is looked after lapsed reservations again and again while that session is stuck.
    const world = stuckWorld({ cleanupIntervalMs: 1_000 })
    world.alice.manager.start()
    const outcome = world.redeem(world.invite())
    await settle()
    world.clock.shiftWall(1_000_000)
    await world.pass(9_900, 900)
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { reserved: 1 },
    ])
    await world.alice.manager.drain(0)
    expect(await outcome).toMatchObject({ completed: false })
  })
})

/** Releases stay on their way to the disk until it takes them. */
class HeldReleases extends ForwardingStore {
  readonly disk = Promise.withResolvers<void>()

  override submit(work: Work): Submitted {
    const { outcome, durable } = super.submit(work)
    const releases = work.some(({ op }) => op === 'release')
    return { outcome, durable: releases ? durable.then(() => this.disk.promise) : durable }
  }
}

it('a host hears of a release when that is on the disk, and not before', async () => {
  const world = stuckWorld()
  const told: string[] = []
  const held = new HeldReleases(world.alice.store)
  const other = new World({
    inviter: {
      store: () => held,
      hooks: (own) => ({
        ...own,
        token: {
          validate: (...all) => own.token.validate(...all),
          markUsed: (...all) => own.token.markUsed(...all),
          release: async (tokenId) => void told.push(tokenId),
        },
      }),
    },
  })
  void world.redeem(world.invite())
  await settle()
  other.alice.manager.start()
  await other.pass(80_000, 10_000)
  const [token] = await world.alice.store.query(() => tokenRecords.list())
  expect(token).toMatchObject({ reserved: 0 })
  expect(told).toEqual([])
  held.disk.resolve()
  await settle()
  expect(told).toEqual([token?.id])
  await other.alice.manager.drain(0)
  await world.pass(11_000)
})
