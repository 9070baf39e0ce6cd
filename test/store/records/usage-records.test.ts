import { expect, test } from 'vitest'
import { usageRecords } from '../../../src/store/records/usage-records.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { contactOf, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import { World } from '../../support/session/world.ts'
import { readNow } from '../../support/store/read-now.ts'

test('an empty store holds nothing', async () => {
  const store = openMemoryStore()
  const counts = readNow(store, () => usageRecords.counts())
  expect(Object.values(counts).every((count) => count === 0)).toBe(true)
  expect((await store.tableBytes()).get('audit')).toBeGreaterThan(0)
  store.close()
})

test('what is offered is in doubt until it is confirmed, and what is held without a session is parked', async () => {
  const world = new World()
  const counts = () => readNow(world.alice.store, () => usageRecords.counts())
  const offered = scriptedInvitee(world)
  await offered.say(contactOf(world.invite(), world.bob))
  expect(counts()).toMatchObject({ inDoubt: 1, parked: 0, tallies: 1, archivedSessions: 1 })
  const link = world.invite({ secret: 8, initiatorRole: 'foil' })
  const stranger = world.stranger(3)
  await scriptedInvitee(world, stranger).say(contactOf(link, stranger))
  expect(counts()).toMatchObject({ openSessions: 1, parked: 0 })
  const drained = world.alice.manager.drain(0)
  await world.pass(2_000)
  await drained
  expect(counts()).toMatchObject({ openSessions: 0, parked: 1, archivedSessions: 2 })
  expect((await world.redeemed(world.invite({ secret: 9 }))).completed).toBe(false)
})
