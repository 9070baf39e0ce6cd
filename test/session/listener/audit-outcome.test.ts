import { expect, test } from 'vitest'
import { contactOf, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import { type TestNode, World } from '../../support/session/world.ts'

function recordsOf(node: TestNode, wanted: string): readonly unknown[] {
  return [...node.store.repositories.audit.rows()].flatMap(({ text }) => {
    const { type, data } = JSON.parse(text)
    return type === wanted ? [data] : []
  })
}

test('an identity that was accepted is recorded by the names of its fields, and no more', async () => {
  const world = new World()
  const link = world.invite({ identityRequirements: ['name'] })
  const identity = { name: 'Bob Example', email: 'bob@example.org' }
  expect(await world.redeemed(link, { identity })).toMatchObject({ completed: true })
  expect(recordsOf(world.alice, 'identity')).toEqual([
    { event: 'accepted', fields: ['email', 'name'] },
  ])
  const all = [...world.alice.store.repositories.audit.rows()].map(({ text }) => text).join('')
  expect(all).not.toContain('Example')
  expect(all).not.toContain('example.org')
})

test('one that does not do is recorded with what is missing', async () => {
  const world = new World({ inviter: { config: { auditLevel: 'minimal' } } })
  const link = world.invite({ identityRequirements: ['name', 'email'] })
  const peer = scriptedInvitee(world)
  await peer.say(contactOf(link, world.bob, { identity: { name: 'Bob' } }))
  expect(peer.heard).toMatchObject([{ code: 'identity_required' }])
  expect(recordsOf(world.alice, 'identity')).toEqual([
    { event: 'refused', code: 'identity_required', missing: ['email'] },
  ])
})

test('where nothing was asked for there is no record of an identity', async () => {
  const world = new World()
  await world.redeemed(world.invite())
  expect(recordsOf(world.alice, 'identity')).toEqual([])
})

test('what failed on this side is an error, without the words of the hook', async () => {
  const world = new World({
    inviter: {
      hooks: (own) => ({
        ...own,
        database: { provision: () => Promise.reject(new Error('password is hunter2')) },
      }),
    },
  })
  const outcome = await world.redeemed(world.invite())
  expect(outcome).toMatchObject({ completed: false, reason: 'provision_failed' })
  expect(recordsOf(world.alice, 'error')).toEqual([
    { event: 'failed', code: 'hook_failed', step: 'PROVISIONING_DB' },
  ])
  const all = [...world.alice.store.repositories.audit.rows()].map(({ text }) => text).join('')
  expect(all).not.toContain('hunter2')
})
