import { expect, test } from 'vitest'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import { decodeLink } from '../../../src/protocol/link/link.ts'
import { tokenIdOf } from '../../../src/protocol/link/secret.ts'
import { Invitee, inviterWithLink } from '../../support/service/inviter-and-invitee.ts'

/** An inviter whose terms are `{ price: 1 }`, and go up when it is told so. */
async function dearInviter() {
  const hooks = createMemoryHooks()
  const { link } = await inviterWithLink({ terms: { price: 1 }, uses: null }, hooks)
  const tokenId = tokenIdOf(decodeLink(link).secret)
  const priced = (price: number): boolean => hooks.token.update(tokenId, { terms: { price } })
  return { link, priced }
}

test('an invitee is asked anew about terms that were changed while it thought, and gets these', async () => {
  const { link, priced } = await dearInviter()
  const asked: unknown[] = []
  const result = await new Invitee().redeem(link, {
    agree: async ({ terms }, _disclosure, isAnew) => {
      asked.push([terms, isAnew])
      priced(2)
      return true
    },
  })
  expect(asked).toEqual([
    [{ price: 1 }, false],
    [{ price: 2 }, true],
  ])
  expect(result).toMatchObject({ kind: 'completed' })
})

test('who says no to the new terms has no tally, and may come again', async () => {
  const { link, priced } = await dearInviter()
  const bob = new Invitee()
  const agree = async (_offer: unknown, _disclosure: unknown, isAnew: boolean) => {
    priced(2)
    return !isAnew
  }
  expect(await bob.redeem(link, { agree })).toEqual({ kind: 'unwanted' })
  const asked: unknown[] = []
  const result = await bob.redeem(link, {
    agree: async ({ terms }, _disclosure, isAnew) => asked.push([terms, isAnew]) > 0,
  })
  expect(asked).toEqual([[{ price: 2 }, false]])
  expect(result).toMatchObject({ kind: 'completed' })
})

test('an inviter whose terms are others each time is not asked for ever', async () => {
  const { link, priced } = await dearInviter()
  let price = 1
  const agree = async () => {
    price += 1
    return priced(price)
  }
  expect(await new Invitee().redeem(link, { agree })).toMatchObject({
    kind: 'failed',
    outcome: { reason: 'offer_changed' },
  })
  expect(price).toBe(6)
})
