import { describe, expect, it } from 'vitest'
import { encodeMessage } from '../../../../src/protocol/message/message-codec.ts'
import { messageHash } from '../../../../src/protocol/message/message-hash.ts'
import type { Acknowledgment } from '../../../../src/protocol/message/messages.ts'
import { receiptBytes } from '../../../../src/protocol/receipt/receipt.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { receiptAt } from '../../../support/session/receipt-at.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { settle, signatureOf, World } from '../../../support/session/world.ts'

const ROLES = ['stock', 'foil'] as const

async function expectSignedByBoth(world: World): Promise<void> {
  const mine = await receiptAt(world.alice)
  expect(mine?.by).toEqual(['inviter', 'invitee'])
  expect(await receiptAt(world.bob)).toEqual(mine)
}

const RUBBISH = (): Uint8Array => new Uint8Array(64).fill(7)

describe.each(ROLES)('a redemption (inviter holds %s)', (initiatorRole) => {
  it('leaves the same receipt on both machines, signed by both', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole })
    const outcome = await world.redeemed(link, { identity: { name: 'Bob' } })
    await expectSignedByBoth(world)
    const [tally] = await world.bob.tallies
    expect((await receiptAt(world.bob))?.body).toEqual({
      v: 1,
      redemptionId: outcome.completed ? outcome.redemptionId : '',
      tokenId: (await world.alice.store.query(() => tokenRecords.list()))[0]?.id,
      inviter: world.alice.peerId,
      invitee: world.bob.peerId,
      role: initiatorRole,
      tallyId: tally?.tallyId,
      draft: tally?.built.draft.sha256,
      request: expect.stringMatching(/^[0-9a-f]{64}$/),
      response: expect.stringMatching(/^[0-9a-f]{64}$/),
      approvedAt: tally?.createdAt,
    })
  })

  it.each([0, 1, 2])('ends with the same one if all after frame %i was lost first', async (n) => {
    for (const side of ['dialer', 'listener'] as const) {
      const world = new World()
      const link = world.invite({ initiatorRole })
      world.faults = {
        fate: (from, _bytes, nth) => (from === side && nth > n ? 'drop' : 'deliver'),
      }
      const asBob = { identity: { name: 'Bob' } }
      void world.redeem(link, asBob)
      await world.pass(60_000)
      world.faults = {}
      expect(await world.redeemed(link, asBob)).toMatchObject({ completed: true })
      await expectSignedByBoth(world)
    }
  })

  it('run again changes nothing of it', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole })
    await world.redeemed(link)
    const before = await receiptAt(world.bob)
    await world.redeemed(link)
    expect(await receiptAt(world.bob)).toEqual(before)
    await expectSignedByBoth(world)
  })

  it('gives the same one to an invitee that has lost its state, whatever it asks for', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole })
    await world.redeemed(link)
    const reborn = world.stranger(2)
    expect(await world.redeemed(link, { another: true }, reborn)).toMatchObject({ completed: true })
    expect(await receiptAt(reborn)).toEqual(await receiptAt(world.alice))
    expect((await receiptAt(reborn))?.by).toEqual(['inviter', 'invitee'])
  })

  it('works with an invitee that signs nothing', async () => {
    const world = new World({ invitee: { signs: false } })
    expect(await world.redeemed(world.invite({ initiatorRole }))).toMatchObject({ completed: true })
    expect(await world.alice.tallies).toMatchObject([{ status: 'confirmed' }])
    // Who builds has said yes before the invitee could sign; who does not gives nothing for nothing.
    expect((await receiptAt(world.alice))?.by).toEqual(
      initiatorRole === 'stock' ? ['inviter'] : undefined,
    )
  })

  it('works with an inviter that signs nothing, and is given no signature', async () => {
    const world = new World({ inviter: { signs: false } })
    expect(await world.redeemed(world.invite({ initiatorRole }))).toMatchObject({ completed: true })
    expect(await world.alice.tallies).toMatchObject([{ status: 'confirmed' }])
    expect(JSON.stringify(world.said(-1))).not.toMatch(/signature|requestHash/)
    expect([await receiptAt(world.alice), await receiptAt(world.bob)]).toEqual([
      undefined,
      undefined,
    ])
  })
})

describe('an acknowledgment on a stream of its own', () => {
  async function answered() {
    const world = new World()
    const link = world.invite()
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(link, world.bob))
    const [approval] = peer.heard
    const [payload] = peer.heardBytes
    if (approval?.type !== 'ProvisioningResult' || !approval.approved || payload === undefined)
      throw new Error('no approval')
    const { redemptionId } = approval
    const said: Acknowledgment = {
      type: 'Acknowledgment',
      redemptionId,
      responseHash: messageHash(payload),
    }
    peer.transport.reset()
    await settle()
    const body = (await receiptAt(world.alice))?.body
    if (body === undefined) throw new Error('no receipt')
    const signature = Buffer.from(signatureOf(2)(receiptBytes(body))).toString('base64url')
    return { world, said, signature }
  }

  it('is checked against what is stored', async () => {
    const { world, said, signature } = await answered()
    await scriptedInvitee(world).say({ ...said, signature })
    expect((await receiptAt(world.alice))?.by).toEqual(['inviter', 'invitee'])
    expect(await world.alice.tallies).toMatchObject([{ status: 'confirmed' }])
  })

  it('is told that it was forged, although it has ended its side', async () => {
    const { world, said } = await answered()
    const peer = scriptedInvitee(world)
    const signature = Buffer.from(RUBBISH()).toString('base64url')
    await peer.transport.send(encodeMessage({ ...said, signature }))
    void peer.transport.close()
    await settle()
    expect(peer.refusal).toBe('protocol_violation')
    expect(await world.alice.tallies).toMatchObject([{ status: 'offered' }])
  })

  it('of somebody else is worth nothing, with whatever signature', async () => {
    const { world, said, signature } = await answered()
    for (const text of [signature, Buffer.from(RUBBISH()).toString('base64url')])
      await scriptedInvitee(world, world.stranger(3)).say({ ...said, signature: text })
    expect(world.alice.auditEvents).not.toContain('receipt.forged')
    expect(await world.alice.tallies).toMatchObject([{ status: 'offered' }])
    expect((await receiptAt(world.alice))?.by).toEqual(['inviter'])
  })

  it('that comes again without its signature takes none away', async () => {
    const { world, said, signature } = await answered()
    await scriptedInvitee(world).say({ ...said, signature })
    await scriptedInvitee(world).say(said)
    expect((await receiptAt(world.alice))?.by).toEqual(['inviter', 'invitee'])
  })
})
