import { describe, expect, it } from 'vitest'
import { tokenIdOf } from '../../../../src/protocol/link/secret.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { World } from '../../../support/session/world.ts'

const AWAY = { dial: () => Promise.reject(new Error('away')) }

/** Bob has a tally from a standing invitation, and fails to get another one. */
async function failedAnother(how: 'revoked' | 'unreachable') {
  const world = new World()
  const link = world.invite({ usesAllowed: null })
  const first = await world.redeemed(link)
  const tallyId = first.completed ? first.tallyId : ''
  const { clock, store, own } = world.alice
  own.token.revoke(tokenIdOf(link.secret))
  await store.transact(() => tokenRecords.revoke(tokenIdOf(link.secret), clock.now()))
  const away = { ...AWAY, localPeer: world.bob.peerId }
  const request = { link, identity: {}, cadre: [], another: true }
  const second =
    how === 'revoked'
      ? await world.redeemed(link, { another: true })
      : await world.bob.manager.redeem(request, away)
  expect(second).toMatchObject({ completed: false, reason: how })
  return { world, link, tallyId, away }
}

describe.each(['revoked', 'unreachable'] as const)('another tally that failed (%s)', (how) => {
  it('does not hide the first from a plain retry', async () => {
    const { world, link, tallyId } = await failedAnother(how)
    expect(await world.redeemed(link)).toMatchObject({ completed: true, tallyId })
    expect(await world.bob.tallies).toMatchObject([{ tallyId, status: 'confirmed' }])
    expect(await world.alice.tallies).toHaveLength(1)
  })

  it('does not hide the first from a plain retry while the inviter is away', async () => {
    const { world, link, tallyId, away } = await failedAnother(how)
    const again = await world.bob.manager.redeem({ link, identity: {}, cadre: [] }, away)
    expect(again).toMatchObject({ completed: true, tallyId })
  })

  it('is not answered with the first when it is asked for again', async () => {
    const { world, link } = await failedAnother(how)
    const third = await world.redeemed(link, { another: true })
    expect(third).toMatchObject({ completed: false, reason: 'revoked' })
  })
})
