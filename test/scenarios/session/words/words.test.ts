import { describe, expect, it } from 'vitest'
import { commitmentTo } from '../../../../src/protocol/words/commitment.ts'
import { wordsOf } from '../../../../src/service/words/tally-words.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { settle, type TestNode, World } from '../../../support/session/world.ts'

const ROLES = ['stock', 'foil'] as const

/** The words of a node's only tally. */
async function wordsAt(node: TestNode): Promise<string | undefined> {
  const [tally] = await node.tallies
  return tally && wordsOf(tally, node.peerId)?.join(' ')
}

describe.each(ROLES)('of a tally whose inviter holds the %s', (initiatorRole) => {
  it('both sides show the same words, and a retry changes nothing', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole })
    expect(await world.redeemed(link, { identity: { name: 'Bob' } })).toMatchObject({
      completed: true,
    })
    const words = await wordsAt(world.alice)
    expect(words).toMatch(/^(?:[a-z]+ ){3}[a-z]+$/)
    expect(await wordsAt(world.bob)).toBe(words)
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    expect([await wordsAt(world.alice), await wordsAt(world.bob)]).toEqual([words, words])
  })

  it('whose last message is lost at first, both show them after the next try', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole })
    const redeeming = world.redeem(link)
    while ((await world.bob.tallies).length === 0) await settle(1)
    for (const { listener } of world.streams) listener.reset()
    await settle()
    await redeeming
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    expect(await wordsAt(world.alice)).toBeDefined()
    expect(await wordsAt(world.alice)).toBe(await wordsAt(world.bob))
  })

  it('two people with somebody between them see other words', async () => {
    // Mallory has Alice's link, and has given Bob one of her own.
    const [toAlice, toMallory] = [new World(), new World()]
    await toAlice.redeemed(toAlice.invite({ initiatorRole }), {}, toAlice.bob)
    await toMallory.redeemed(toMallory.invite({ initiatorRole }), {}, toMallory.bob)
    expect(await wordsAt(toAlice.alice)).not.toBe(await wordsAt(toMallory.bob))
  })

  it('an inviter whose invitee gives no number, or another one, has none', async () => {
    for (const opening of [undefined, 'another-number']) {
      const world = new World()
      const link = world.invite({ initiatorRole: 'stock' })
      const peer = scriptedInvitee(world)
      await peer.say(contactOf(link, world.bob, { bootstrapId: commitmentTo('the number') }))
      const approval = peer.heard.at(-1)
      if (approval?.type !== 'ProvisioningResult' || !approval.approved) throw new Error('refused')
      const { redemptionId } = approval
      const { messageHash } = await import('../../../../src/protocol/message/message-hash.ts')
      const responseHash = messageHash(peer.heardBytes.at(-1) ?? new Uint8Array())
      await peer.say({
        ...{ type: 'Acknowledgment', redemptionId, responseHash },
        ...(opening === undefined ? {} : { opening }),
      })
      expect(await world.alice.tallies).toMatchObject([{ status: 'confirmed' }])
      expect(await wordsAt(world.alice)).toBeUndefined()
    }
  })
})

it('an invitee tells its number of one answer only: of what is approved anew it has no words', async () => {
  const world = new World()
  const link = world.invite({ initiatorRole: 'foil', usesAllowed: null })
  const redeeming = world.redeem(link)
  while ((await world.bob.tallies).length === 0) await settle(1)
  for (const { listener } of world.streams) listener.reset()
  await settle()
  await redeeming
  // The number may be known by now; the use is given back before the next try.
  const [{ claim } = { claim: undefined }] = world.alice.store.repositories.redemptions.lapsed(
    Number.MAX_SAFE_INTEGER,
    10,
  )
  if (claim === undefined) throw new Error('nothing is reserved')
  await world.alice.store.write(({ redemptions }) => redemptions.release(claim, 'test', 1))
  expect(await world.redeemed(link)).toMatchObject({ completed: true })
  expect(await world.bob.tallies).toMatchObject([{ status: 'confirmed' }])
  expect([await wordsAt(world.alice), await wordsAt(world.bob)]).toEqual([undefined, undefined])
})
