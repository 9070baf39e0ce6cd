import { expect, test } from 'vitest'
import { Invitee, inviterWithLink } from '../../support/service/inviter-and-invitee.ts'

const DAY = 86_400_000

test('an invitee whose clock is ahead asks the inviter, whose clock counts, and is told of its own', async () => {
  const { link } = await inviterWithLink({ expiresInMs: DAY })
  const bob = new Invitee(2 * DAY)
  const looked = await bob.redeem(link, { dryRun: true })
  expect(looked).toMatchObject({ kind: 'looked', offer: { wrongOwnTime: expect.any(Number) } })
  expect(await bob.redeem(link)).toMatchObject({ kind: 'completed' })
})

test('an inviter who can not be asked leaves the word to the own clock, named as such', async () => {
  const { link, stop } = await inviterWithLink({ expiresInMs: DAY })
  await stop()
  const own = Date.now() + 2 * DAY
  const result = await new Invitee(2 * DAY).redeem(link)
  expect(result).toMatchObject({ kind: 'expired', said: undefined })
  expect(result.kind === 'expired' && result.expiresAt < own && own <= result.ownTime).toBe(true)
})

test('an inviter who says "expired" to an invitee whose clock says otherwise is told with both times', async () => {
  const { link } = await inviterWithLink({ expiresInMs: 1_000 })
  await expect
    .poll(async () => await new Invitee(-DAY).redeem(link, { dryRun: true }), { timeout: 15_000 })
    .toMatchObject({ kind: 'expired', said: { code: 'expired' } })
})
