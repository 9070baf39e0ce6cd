import { describe, expect, it } from 'vitest'
import { secretToText } from '../../../../src/protocol/link/secret.ts'
import type { Message } from '../../../../src/protocol/message/messages.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { builtFrom, draftInput, honestOffer } from '../../../support/session/honest-answers.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, World } from '../../../support/session/world.ts'

describe('a peer that does not keep to the protocol', () => {
  it('is refused for a party id that is not its own', async () => {
    const world = new World()
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(world.invite(), world.bob, { partyId: world.alice.peerId }))
    expect(peer.refusal).toBe('party_id_mismatch')
  })

  it('is refused for another role than the invitation has', async () => {
    const world = new World()
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(world.invite(), world.bob, { role: 'foil' }))
    expect(peer.refusal).toBe('mismatch')
    expect(await world.alice.store.query(() => tokenRecords.list())).toEqual([])
  })

  it("can't look at one invitation and redeem another with it", async () => {
    const world = new World()
    const good = world.invite()
    const peer = scriptedInvitee(world)
    await peer.say({ type: 'Inspect', secret: secretToText(good.secret) })
    const secret = secretToText(new Uint8Array(16).fill(99))
    await peer.say(contactOf(good, world.bob, { secret }))
    expect(peer.types).toEqual(['Offer', 'ProvisioningResult'])
    expect(peer.refusal).toBe('invalid_token')
  })

  it('is cut off for anything out of order, wherever the session is', async () => {
    const world = new World()
    const link = world.invite()
    const secret = secretToText(link.secret)
    const orders: readonly (readonly Message[])[] = [
      [honestOffer(world, 'stock')],
      [
        { type: 'Inspect', secret },
        { type: 'Inspect', secret },
      ],
      [
        { type: 'Decline', secret },
        { type: 'Inspect', secret },
      ],
      [contactOf(link, world.bob), contactOf(link, world.bob)],
      [{ type: 'DatabaseResult', redemptionId: 'r', built: builtFrom(draftInput(world, 'foil')) }],
    ]
    for (const messages of orders) {
      const peer = scriptedInvitee(world)
      await Promise.all(messages.map((message) => peer.say(message)))
      await world.pass(2_000)
      expect(peer.closed).toBeDefined()
    }
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('costs its own session only when it sends rubbish', async () => {
    const world = new World()
    const link = world.invite()
    const rubbish = ['', '{', '[]', '{"type":"Offer"}', '{"type":"Inspect","secret":"x"}', '\u0000']
    for (const text of rubbish) await scriptedInvitee(world).sayBytes(Buffer.from(text))
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
  })
})
