import { expect, it } from 'vitest'
import { World } from '../../../support/session/world.ts'

it('tells the token hook of a use again when its peer comes back: the first time may have been lost', async () => {
  const told: string[] = []
  const world = new World({
    inviter: {
      hooks: (own) => ({
        ...own,
        token: {
          validate: (...all) => own.token.validate(...all),
          markUsed: async (...all) => {
            told.push(all[0])
            // As good as a process that died before it could ask.
            if (told.length === 1) throw new Error('the host is away')
            await own.token.markUsed(...all)
          },
        },
      }),
    },
  })
  const link = world.invite()
  const first = await world.redeemed(link)
  const again = await world.redeemed(link)
  expect(first).toMatchObject({ completed: true })
  expect(again).toMatchObject({ completed: true, tallyId: first.completed ? first.tallyId : '' })
  expect(told).toHaveLength(2)
  expect(new Set(told).size).toBe(1)
})
