import { describe, expect, it } from 'vitest'
import { World } from '../../../support/session/world.ts'

describe('a token hook that knows a token to be used up', () => {
  it('has the alarm raised too', async () => {
    const world = new World({
      inviter: {
        hooks: (own) => ({
          ...own,
          token: {
            validate: async () => ({ refused: 'used' }),
            markUsed: (...all) => own.token.markUsed(...all),
          },
        }),
      },
    })
    expect(await world.redeemed(world.invite())).toMatchObject({ reason: 'used' })
    expect(world.alice.auditEvents).toEqual(['token.reuse/used', 'rejected/used'])
  })
})
