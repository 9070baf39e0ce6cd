import { expect, test } from 'vitest'
import { recoverSessions } from '../../../src/session/recovery/recover-sessions.ts'
import { NOTHING_LEFT, type NodeInit, settle, World } from '../../support/session/world.ts'

const FEW: NodeInit = { config: { maxSessionHistory: 3, cleanupIntervalMs: 10_000 } }

test('a manager forgets what is beyond the bound at its start, and as time goes by', async () => {
  const world = new World({ inviter: FEW })
  const { alice } = world
  const link = world.invite({ usesAllowed: null })
  for (let count = 0; count < 6; count += 1) await world.redeemed(link, { another: true })
  expect(alice.sessions).toHaveLength(6)
  const [newest] = alice.sessions
  alice.manager.start()
  await settle()
  expect(alice.sessions).toHaveLength(3)
  expect(alice.sessions[0]).toEqual(newest)
  for (let count = 0; count < 4; count += 1) await world.redeemed(link, { another: true })
  expect(alice.sessions).toHaveLength(7)
  await world.pass(11_000)
  expect(alice.sessions).toHaveLength(3)
  expect(world.bob.sessions).toHaveLength(10)
  await alice.manager.drain(0)
  expect(world.leftovers).toEqual(NOTHING_LEFT)
})

test('an acknowledgment that comes when its session is forgotten still confirms the tally', async () => {
  const world = new World({ inviter: { config: { maxSessionHistory: 0 } } })
  const { alice, bob } = world
  const open = Promise.withResolvers<void>()
  // Bob's second frame is the acknowledgment; it waits.
  world.faults = {
    gate: (from, nth) => (from === 'dialer' && nth === 2 ? open.promise : undefined),
  }
  const outcome = world.redeem(world.invite())
  await settle()
  expect(alice.sessions).toMatchObject([{ state: 'COMPLETED' }])
  alice.manager.start()
  await settle()
  // Something waits for it: the session stays, and its journal is gone.
  const [session] = alice.sessions
  expect(alice.store.repositories.sessions.entries(session?.id ?? '')).toEqual([])
  open.resolve()
  expect(await outcome).toMatchObject({ completed: true })
  await settle()
  expect(await alice.tallies).toMatchObject([{ status: 'confirmed' }])
  expect(await bob.tallies).toMatchObject([{ status: 'confirmed' }])
  expect(alice.store.repositories.sessions.entries(session?.id ?? '')).toEqual([])
  expect(alice.storeFailures).toEqual([])
  await alice.manager.drain(0)
})

test('a process that was paused until its session was closed and forgotten does not bring it back', async () => {
  const answer = Promise.withResolvers<boolean>()
  const world = new World({
    inviter: { hooks: (own) => ({ ...own, identity: { validate: () => answer.promise } }) },
  })
  const { alice } = world
  const wish = { identityRequirements: ['name'] }
  const outcome = world.redeem(world.invite(wish), { identity: { name: 'Bob' } })
  await settle()
  expect(alice.sessions).toMatchObject([{ state: 'VALIDATING_IDENTITY' }])
  // What another process does meanwhile, for an hour.
  await recoverSessions(alice, 'listener')
  const { redemptions, pruner } = alice.store.repositories
  await alice.store.write(() => {
    for (const { claim } of redemptions.lapsed(world.clock.now() + 3_600_000, 10))
      redemptions.release(claim, 'lapsed', world.clock.now())
    pruner.prune(0)
  })
  expect(alice.sessions).toEqual([])
  answer.resolve(true)
  await settle()
  expect(await outcome).toMatchObject({ completed: false })
  expect(alice.sessions).toEqual([])
  expect(alice.storeFailures).toEqual([])
  await world.pass(6_000)
  expect(world.leftovers).toEqual(NOTHING_LEFT)
})
