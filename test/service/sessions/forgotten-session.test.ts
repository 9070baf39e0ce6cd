import { expect, test } from 'vitest'
import { forgottenSessions } from '../../../src/service/sessions/forgotten-session.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { type TestNode, World } from '../../support/session/world.ts'
import { readNow } from '../../support/store/read-now.ts'

/** One session of each side, and what is told of it before and after it is forgotten. */
async function forget(node: TestNode) {
  const [session] = node.sessions
  if (session === undefined) throw new Error('no session')
  const before = await forgottenSessions(node.store, session.id)
  await node.store.write(({ pruner }) => pruner.prune(0))
  expect(readNow(node.store, () => sessionRecords.find(session.id))).toBeUndefined()
  return { session, before, after: await forgottenSessions(node.store, session.id.slice(0, 6)) }
}

test.each(['alice', 'bob'] as const)('what the audit tells of a session of %s', async (name) => {
  const world = new World()
  await world.redeemed(world.invite())
  const { session, before, after } = await forget(world[name])
  expect(before).toEqual([])
  const { id, side, state, peerId, tokenId, tallyId, redemptionId, steps, exchange } = session
  expect(after).toEqual([
    expect.objectContaining({
      id,
      side,
      state,
      peerId,
      tokenId,
      redemptionId,
      steps,
      exchange,
      ...(name === 'alice' ? {} : { tallyId }),
    }),
  ])
})

test('how it ended badly', async () => {
  const world = new World({
    inviter: {
      hooks: (own) => ({ ...own, identity: { validate: () => Promise.resolve(false) } }),
    },
  })
  await world.redeemed(world.invite({ identityRequirements: ['name'] }), {
    identity: { name: 'Bob' },
  })
  const { session, after } = await forget(world.alice)
  const { reason, step } = session
  expect(after).toMatchObject([{ state: 'FAILED', reason, step }])
})

test.each([
  ['alice', 'listener'],
  ['bob', 'dialer'],
] as const)('an audit without states tells who and what, not how, of %s', async (name, side) => {
  const config = { auditLevel: 'minimal' } as const
  const world = new World({ inviter: { config }, invitee: { config } })
  await world.redeemed(world.invite())
  const { session, after } = await forget(world[name])
  const { id, peerId, tokenId } = session
  expect(after).toMatchObject([{ id, side, peerId, tokenId, state: 'UNKNOWN' }])
  expect(after[0]?.steps).toBeUndefined()
})
