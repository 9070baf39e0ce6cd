import { expect, test } from 'vitest'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import { Invitee, inviterWithLink } from '../../support/service/inviter-and-invitee.ts'

test('a failure tells what an earlier try has disclosed, though the last one disclosed nothing', async () => {
  const [bob, carol] = [new Invitee(), new Invitee()]
  const hooks = createMemoryHooks()
  const { token, database } = hooks
  const [validate, provision] = [token.validate.bind(token), database.provision.bind(database)]
  const [begun, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  database.provision = async (...all) => {
    begun.resolve()
    await goesOn.promise
    return await provision(...all)
  }
  let carols: Promise<unknown> | undefined
  let asked: number | undefined
  token.validate = async (tokenId, context) => {
    if (context.peerId === bob.peerId && asked !== undefined) {
      asked += 1
      // His contact, after he has looked once more: Carol is just faster, and he is to come again.
      if (asked === 2) {
        carols = carol.redeem(link)
        await begun.promise
      }
      // His next look: the use is gone.
      if (asked === 3) {
        goesOn.resolve()
        await carols
      }
    }
    return await validate(tokenId, context)
  }
  const { link } = await inviterWithLink({}, hooks)
  const agree = async (): Promise<boolean> => {
    asked = 0
    return true
  }
  expect(await bob.redeem(link, { given: { name: 'Bob' }, agree })).toMatchObject({
    kind: 'failed',
    outcome: { reason: 'used', disclosed: ['name'] },
  })
  expect(asked).toBe(3)
  expect(await carols).toMatchObject({ kind: 'completed' })
})

test('another tally is asked for with the try that is not finished yet, for which its use is kept', async () => {
  const [bob, carol] = [new Invitee(), new Invitee()]
  const hooks = createMemoryHooks()
  const { database } = hooks
  const verify = database.verify.bind(database)
  const away = new AbortController()
  // Bob is interrupted while the inviter looks at what he has built.
  database.verify = async (built, context) => {
    if (context.peerId === bob.peerId && !away.signal.aborted) {
      away.abort()
      await new Promise((resolve) => context.signal.addEventListener('abort', resolve))
    }
    return await verify(built, context)
  }
  const { link } = await inviterWithLink({ role: 'foil', uses: 2 }, hooks)
  const held = await bob.redeem(link, { interrupted: away.signal })
  expect(held).toMatchObject({ kind: 'failed', outcome: { heldTallyId: expect.any(String) } })
  expect(await carol.redeem(link)).toMatchObject({ kind: 'completed' })
  const tallyId = held.kind === 'failed' && held.outcome.heldTallyId
  expect(await bob.redeem(link, { another: true })).toMatchObject({
    kind: 'completed',
    outcome: { tallyId },
  })
})
