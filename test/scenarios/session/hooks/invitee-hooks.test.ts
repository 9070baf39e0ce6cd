import { describe, expect, it } from 'vitest'
import { BAD, RUBBISH, withStub } from '../../../support/session/stub-hooks.ts'
import { NOTHING_LEFT, World } from '../../../support/session/world.ts'

describe("the invitee's own hooks", () => {
  it.each([...Object.values(BAD), ...Object.values(RUBBISH)])(
    'fail its own session only (%#)',
    async (stub) => {
      const world = new World({ invitee: { hooks: withStub('database.provision', stub) } })
      const link = world.invite({ initiatorRole: 'foil' })
      expect(await world.redeemed(link)).toMatchObject({
        reason: 'hook_failed',
        step: 'PROVISIONING_DB',
      })
      expect(await world.bob.tallies).toEqual([])
      await world.pass(2_000)
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    },
  )

  it('have the last word on a database that the inviter built', async () => {
    const world = new World({
      invitee: { hooks: withStub('database.verify', async () => false) },
    })
    expect(await world.redeemed(world.invite())).toMatchObject({ reason: 'response_invalid' })
    expect(await world.bob.tallies).toEqual([])
  })
})
