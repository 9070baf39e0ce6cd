import { expect, it } from 'vitest'
import type { SessionStore } from '../../../../src/session/ports/store.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'
import { DiskError, HeldEndStore } from '../../../support/store-wrappers.ts'

function held(initiatorRole: 'stock' | 'foil') {
  const stores: HeldEndStore[] = []
  const store = (own: SessionStore): SessionStore => {
    stores.push(new HeldEndStore(own))
    return stores[0] ?? own
  }
  const world = new World({ invitee: { store, config: { maxConcurrentSessions: 1 } } })
  const link = world.invite({ initiatorRole, usesAllowed: null })
  const outcome = world.redeem(link)
  return { world, link, outcome, end: () => stores[0] }
}

/** "Not yet", unless it has settled. */
const soFar = async (work: Promise<unknown>) => {
  await settle()
  return await Promise.race([work, Promise.resolve('not yet')])
}

it('an outcome that rests on nothing but what is stored does not wait until its session’s end is', async () => {
  const { world, link, outcome, end } = held('stock')
  expect(await soFar(outcome)).toMatchObject({ completed: true })
  expect(end()?.isHeld).toBe(true)
  expect(await world.bob.tallies).toMatchObject([{ status: 'confirmed' }])
  expect(world.bob.ended).toEqual([])
  // Its place is free.
  expect(await soFar(world.redeem(link, { another: true }))).toMatchObject({ completed: true })
  const drained = world.bob.manager.drain(1_000)
  expect(await soFar(drained)).toBe('not yet')
  end()?.arrives.resolve()
  expect(await soFar(drained)).toMatchObject({ cut: 0 })
  expect(world.bob.ended).toHaveLength(2)
  expect(world.leftovers).toEqual(NOTHING_LEFT)
})

it('stays true if the end is lost, which is told', async () => {
  const { world, outcome, end } = held('stock')
  expect(await soFar(outcome)).toMatchObject({ completed: true })
  end()?.arrives.reject(new DiskError('the batch was lost'))
  await settle()
  expect(world.bob.storeFailures).toHaveLength(1)
  expect(world.leftovers).toEqual(NOTHING_LEFT)
})

it('one that says what its last commit has written waits for that', async () => {
  const { outcome, end } = held('foil')
  expect(await soFar(outcome)).toBe('not yet')
  end()?.arrives.resolve()
  expect(await soFar(outcome)).toMatchObject({ completed: true })
})
