import { expect, test } from 'vitest'
import { Invitee, inviterWithLink } from '../../support/service/inviter-and-invitee.ts'

test('a link that has led to a tally says since when, with the inviter there or away', async () => {
  const { link, stop } = await inviterWithLink()
  const bob = new Invitee()
  const first = await bob.redeem(link)
  expect(first).toMatchObject({ kind: 'completed' })
  expect(first).not.toHaveProperty('since')
  const since = expect.any(Number)
  expect(await bob.redeem(link)).toMatchObject({ kind: 'completed', since })
  const tally = { status: 'confirmed', createdAt: since }
  expect(await bob.redeem(link, { dryRun: true })).toMatchObject({ kind: 'looked', tally })
  await stop()
  expect(await bob.redeem(link)).toMatchObject({ kind: 'completed', since })
  expect(await bob.redeem(link, { dryRun: true })).toMatchObject({ kind: 'had', tally })
})

test('what is missing is asked for once the offer is known, and then disclosed', async () => {
  const { link } = await inviterWithLink({ required: ['name'] })
  const bob = new Invitee()
  expect(await bob.redeem(link)).toEqual({ kind: 'missing', fields: ['name'] })
  const agreedTo: unknown[] = []
  const result = await bob.redeem(link, {
    complete: async (offer, { missing }) => {
      expect([offer.required, missing]).toEqual([['name'], ['name']])
      return { name: 'Bob' }
    },
    agree: async (_, { identity }) => agreedTo.push(identity) > 0,
  })
  expect(result).toMatchObject({ kind: 'completed' })
  expect(agreedTo).toEqual([{ name: 'Bob' }])
})
