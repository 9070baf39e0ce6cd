import { expect, test } from 'vitest'
import type { SessionHooks } from '../../../../src/hooks/session-hooks.ts'
import type { MemoryHooks } from '../../../../src/index.ts'
import { redemptionRecords } from '../../../../src/store/records/redemption-records.ts'
import { removalRecords } from '../../../../src/store/records/removal-records.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { type NodeInit, settle, World } from '../../../support/session/world.ts'
import { readNow } from '../../../support/store/read-now.ts'
import { DiskError, failed } from '../../../support/store-wrappers.ts'

// Found by the simulation of both sides; here each by itself.

test('while a result may be on its way, the same peer is not told that nothing is here', async () => {
  const world = new World()
  const link = world.invite({ initiatorRole: 'foil' })
  const first = scriptedInvitee(world)
  await first.say(contactOf(link, world.bob))
  expect(first.heard).toMatchObject([{ approved: true }])
  world.alice.own.token.revoke(
    (await world.alice.store.query(() => tokenRecords.list()))[0]?.id ?? '',
  )
  const second = scriptedInvitee(world)
  await second.say(contactOf(link, world.bob))
  expect(second.refusal).toBe('in_progress')
})

/** A hook that builds when it is told to, long after its caller has gone. */
function tardy() {
  const { promise, resolve } = Promise.withResolvers<void>()
  const hooks = (own: MemoryHooks): SessionHooks => ({
    ...own,
    database: {
      provision: async (createdBy, initiator, respondent, sessionId, context) => {
        await promise
        const { signal } = new AbortController()
        return own.database.provision(createdBy, initiator, respondent, sessionId, {
          ...context,
          signal,
        })
      },
      deprovision: (tallyId, context) => own.database.deprovision(tallyId, context),
    },
  })
  return { hooks, build: resolve }
}

/** A store that can be switched off. */
function switchable() {
  const disk = { isBroken: false }
  const store: NonNullable<NodeInit['store']> = (own) => ({
    lookups: own.lookups,
    submit: (work) =>
      disk.isBroken ? failed(new DiskError('the disk is broken')) : own.submit(work),
    rehearse: (work) => own.rehearse(work),
  })
  return { disk, store }
}

test('what a late hook built is removed, even if the disk fails when it answers', async () => {
  const { hooks, build } = tardy()
  const { disk, store } = switchable()
  const world = new World({ inviter: { hooks, store } })
  world.alice.manager.start()
  const outcome = world.redeem(world.invite())
  await world.pass(12_000)
  expect(await outcome).toMatchObject({ completed: false })
  // It was removed when the step was given up, and there was nothing; so it is owed still.
  const [owed] = readNow(world.alice.store, () => removalRecords.list(1))
  const tallyId = owed?.tallyId ?? ''
  disk.isBroken = true
  build()
  await settle()
  expect(world.alice.own.database.draftOf(tallyId)).toBeDefined()
  disk.isBroken = false
  await world.pass(120_000, 5_000)
  expect(world.alice.own.database.draftOf(tallyId)).toBeUndefined()
  expect(readNow(world.alice.store, () => removalRecords.list(1))).toEqual([])
  await world.alice.manager.drain(0)
})

test('what an invitee built and could not note is removed in the end', async () => {
  const { disk, store } = switchable()
  let built = ''
  const hooks = (own: MemoryHooks): SessionHooks => ({
    ...own,
    database: {
      provision: async (...all) => {
        const result = await own.database.provision(...all)
        built = result.tally.tallyId
        disk.isBroken = true
        return result
      },
      deprovision: (tallyId, context) => own.database.deprovision(tallyId, context),
    },
  })
  const world = new World({ invitee: { hooks, store } })
  const outcome = world.redeem(world.invite({ initiatorRole: 'foil' }))
  await expect(outcome).rejects.toThrow(DiskError)
  expect(world.bob.own.database.draftOf(built)).toBeDefined()
  disk.isBroken = false
  world.bob.manager.start()
  await world.pass(60_000, 5_000)
  expect(world.bob.own.database.draftOf(built)).toBeUndefined()
  await world.bob.manager.drain(0)
})

test('a use that is given back takes along what an earlier session built for it', async () => {
  let isIdentityGood = true
  const { disk, store } = switchable()
  const hooks = (own: MemoryHooks): SessionHooks => ({
    ...own,
    identity: { validate: async () => isIdentityGood },
    database: {
      provision: async (...all) => {
        const result = await own.database.provision(...all)
        disk.isBroken = true
        return result
      },
      deprovision: (tallyId, context) => own.database.deprovision(tallyId, context),
    },
  })
  const world = new World({ inviter: { hooks, store } })
  const link = world.invite({ identityRequirements: ['name'] })
  const contact = contactOf(link, world.bob, { identity: { name: 'Bob' } })
  await scriptedInvitee(world).say(contact)
  disk.isBroken = false
  const [left] = readNow(world.alice.store, () => redemptionRecords.unfinished(1))
  expect(left).toMatchObject({ state: 'provisioning' })
  isIdentityGood = false
  const second = scriptedInvitee(world)
  await second.say(contact)
  expect(second.refusal).toBe('identity_refused')
  expect(readNow(world.alice.store, () => removalRecords.list(1))).toMatchObject([
    { redemptionId: left?.id },
  ])
})
