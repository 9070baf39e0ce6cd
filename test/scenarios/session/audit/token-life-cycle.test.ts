import { expect, test } from 'vitest'
import { World } from '../../../support/session/world.ts'

test('the last use of a token is recorded as its end, and no use before it', async () => {
  const world = new World()
  const link = world.invite({ usesAllowed: 2 })
  expect(await world.redeemed(link)).toMatchObject({ completed: true })
  expect(world.alice.auditEvents).not.toContain('consumed')
  expect(await world.redeemed(link, {}, world.stranger(3))).toMatchObject({ completed: true })
  expect(world.alice.auditEvents.filter((event) => event === 'consumed')).toHaveLength(1)
})

test('a standing invitation is never consumed', async () => {
  const world = new World()
  expect(await world.redeemed(world.invite({ usesAllowed: null }))).toMatchObject({
    completed: true,
  })
  expect(world.alice.auditEvents).not.toContain('consumed')
})

test('whoever is turned away with the right secret is recorded even where states are not', async () => {
  const world = new World({ inviter: { config: { auditLevel: 'minimal' } } })
  const link = world.invite({ expiryUtc: new Date(world.clock.now() - 1_000).toISOString() })
  expect(await world.redeemed(link)).toMatchObject({ reason: 'expired' })
  expect(world.alice.auditEvents).toEqual(['rejected/expired'])
})
