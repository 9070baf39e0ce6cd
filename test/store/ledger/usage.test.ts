import { expect, test } from 'vitest'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { contactOf, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import { World } from '../../support/session/world.ts'

test('an empty store holds nothing', () => {
  const store = openMemoryStore()
  const { usage } = store.repositories
  expect(Object.values(usage.counts()).every((count) => count === 0)).toBe(true)
  expect(usage.bytes().get('audit')).toBeGreaterThan(0)
  store.close()
})

test('what is offered is in doubt until it is confirmed, and what is held without a session is parked', async () => {
  const world = new World()
  const { usage } = world.alice.store.repositories
  const offered = scriptedInvitee(world)
  await offered.say(contactOf(world.invite(), world.bob))
  expect(usage.counts()).toMatchObject({ inDoubt: 1, parked: 0, tallies: 1, archivedSessions: 1 })
  const link = world.invite({ secret: 8, initiatorRole: 'foil' })
  const stranger = world.stranger(3)
  await scriptedInvitee(world, stranger).say(contactOf(link, stranger))
  expect(usage.counts()).toMatchObject({ openSessions: 1, parked: 0 })
  const drained = world.alice.manager.drain(0)
  await world.pass(2_000)
  await drained
  expect(usage.counts()).toMatchObject({ openSessions: 0, parked: 1, archivedSessions: 2 })
  expect((await world.redeemed(world.invite({ secret: 9 }))).completed).toBe(false)
})
