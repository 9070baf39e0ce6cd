import { expect, it } from 'vitest'
import { hanging } from '../../../support/session/stalls.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'

const LOOK = { identity: { name: 'Bob' } }

it('a token hook that hangs during a look ends it in VALIDATING_TOKEN, and both sides say so', async () => {
  const world = new World({ inviter: { hooks: hanging('token', 'validate') } })
  const outcome = world.redeem(world.invite(), LOOK)
  await world.pass(4_900)
  expect(world.alice.ended).toEqual([])
  await world.pass(200)
  expect(world.alice.ended).toMatchObject([
    { state: 'TIMEOUT', reason: 'step_deadline', step: 'VALIDATING_TOKEN' },
  ])
  expect(await outcome).toMatchObject({
    reason: 'timed_out',
    step: 'SENDING_REQUEST',
    detail: 'no progress in VALIDATING_TOKEN',
  })
  expect(world.alice.complaints).toEqual(['token.validate: no answer in time'])
  await world.pass(10_000)
  expect(world.leftovers).toEqual(NOTHING_LEFT)
})

it('a token hook that throws during a look fails it in VALIDATING_TOKEN', async () => {
  const world = new World({
    inviter: {
      hooks: ({ token, ...own }) => ({
        ...own,
        token: {
          markUsed: token.markUsed.bind(token),
          validate: () => Promise.reject(new Error('the database is away')),
        },
      }),
    },
  })
  expect(await world.redeem(world.invite(), LOOK)).toMatchObject({ reason: 'internal' })
  await settle()
  expect(world.alice.ended).toMatchObject([{ reason: 'hook_failed', step: 'VALIDATING_TOKEN' }])
  expect(world.alice.complaints).toEqual(['token.validate: Error: the database is away'])
})

it('an invitee who only looks at a silent inviter is not told of a token', async () => {
  const world = new World()
  world.faults = { fate: (from) => (from === 'dialer' ? 'drop' : 'deliver') }
  const outcome = world.redeem(world.invite(), LOOK)
  await world.pass(5_100)
  expect(world.alice.ended).toMatchObject([{ state: 'TIMEOUT', step: 'READING_REQUEST' }])
  await world.pass(10_000)
  await outcome
})
