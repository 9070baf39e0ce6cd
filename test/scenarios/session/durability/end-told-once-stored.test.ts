import { expect, it } from 'vitest'
import type { SessionStore } from '../../../../src/session/ports/store.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'
import { DiskError, HeldEndStore } from '../../../support/store-wrappers.ts'

async function acknowledgedLate() {
  const stores: HeldEndStore[] = []
  const store = (own: SessionStore): SessionStore => {
    const full = new HeldEndStore(own, { fillsUp: true })
    stores.push(full)
    return full
  }
  const world = new World({ inviter: { store } })
  const moves: string[] = []
  world.alice.manager.on('session', ({ state }) => moves.push(state))
  expect(await world.redeemed(world.invite())).toMatchObject({ completed: true })
  await settle()
  const [full] = stores
  if (full === undefined) throw new Error('no store')
  expect(full.isHeld).toBe(true)
  return { world, full, moves }
}

it('an end that is on its way to the disk is told when it arrives, whatever fails after it', async () => {
  const { world, full, moves } = await acknowledgedLate()
  expect(world.alice.ended).toEqual([])
  full.isFull = false
  full.arrives.resolve()
  await settle()
  expect(world.alice.sessions).toMatchObject([{ state: 'COMPLETED' }])
  expect(world.alice.ended).toMatchObject([{ state: 'COMPLETED' }])
  expect(moves.at(-1)).toBe('COMPLETED')
  expect(world.alice.storeFailures).toHaveLength(1)
  await world.alice.manager.tryStore()
  expect(world.alice.auditEvents).not.toContain('sessions.dropped')
  await world.pass(60_000, 1_000)
  expect(world.leftovers).toEqual(NOTHING_LEFT)
})

it('and as broken off if it does not', async () => {
  const { world, full } = await acknowledgedLate()
  full.arrives.reject(new DiskError('the batch was lost'))
  await settle()
  expect(world.alice.ended).toMatchObject([
    { state: 'FAILED', reason: 'crashed', step: 'SENDING_RESPONSE' },
  ])
  await world.pass(60_000, 1_000)
  expect(world.leftovers).toEqual(NOTHING_LEFT)
})
