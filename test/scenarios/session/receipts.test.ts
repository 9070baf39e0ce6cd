import { describe, expect, it } from 'vitest'
import type { Role } from '../../../src/protocol/base/role.ts'
import { encodeMessage } from '../../../src/protocol/message/message-codec.ts'
import { messageHash } from '../../../src/protocol/message/message-hash.ts'
import type { Acknowledgment, Approval, Message } from '../../../src/protocol/message/messages.ts'
import type { ReceiptBody } from '../../../src/protocol/receipt/receipt.ts'
import { receiptBytes } from '../../../src/protocol/receipt/receipt.ts'
import { isSignedBy } from '../../../src/protocol/receipt/receipt-signature.ts'
import { receiptBody } from '../../../src/session/trace/tally-receipt.ts'
import { contactOf, dialerToScript, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import { settle, signatureOf, type TestNode, World } from '../../support/session/world.ts'

const ROLES = ['stock', 'foil'] as const

/** What a node can show of its only tally. */
function receiptAt(node: TestNode) {
  const [tally] = node.tallies
  if (tally?.receipt === undefined) return undefined
  const body: ReceiptBody = receiptBody(tally, tally.receipt, node.peerId)
  const { inviterSignature, inviteeSignature } = tally.receipt
  const isBy = (peerId: string, signature: string | undefined) =>
    signature !== undefined && isSignedBy(peerId, receiptBytes(body), signature)
  return {
    body,
    by: [
      ...(isBy(body.inviter, inviterSignature) ? ['inviter'] : []),
      ...(isBy(body.invitee, inviteeSignature) ? ['invitee'] : []),
    ],
    signatures: [inviterSignature, inviteeSignature],
  }
}

function expectSignedByBoth(world: World): void {
  const mine = receiptAt(world.alice)
  expect(mine?.by).toEqual(['inviter', 'invitee'])
  expect(receiptAt(world.bob)).toEqual(mine)
}

/** A key that signs, whatever it is shown, what it was shown first. */
function repeating(sign: (bytes: Uint8Array) => Uint8Array) {
  let first: Uint8Array | undefined
  return (bytes: Uint8Array): Uint8Array => {
    first ??= sign(bytes)
    return first
  }
}

const RUBBISH = (): Uint8Array => new Uint8Array(64).fill(7)

describe.each(ROLES)('a redemption (inviter holds %s)', (initiatorRole) => {
  it('leaves the same receipt on both machines, signed by both', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole })
    const outcome = await world.redeemed(link, { identity: { name: 'Bob' } })
    expectSignedByBoth(world)
    const [tally] = world.bob.tallies
    expect(receiptAt(world.bob)?.body).toEqual({
      v: 1,
      redemptionId: outcome.completed ? outcome.redemptionId : '',
      tokenId: world.alice.store.repositories.tokens.list()[0]?.id,
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
      expectSignedByBoth(world)
    }
  })

  it('run again changes nothing of it', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole })
    await world.redeemed(link)
    const before = receiptAt(world.bob)
    await world.redeemed(link)
    expect(receiptAt(world.bob)).toEqual(before)
    expectSignedByBoth(world)
  })

  it('gives the same one to an invitee that has lost its state, whatever it asks for', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole })
    await world.redeemed(link)
    const reborn = world.stranger(2)
    expect(await world.redeemed(link, { another: true }, reborn)).toMatchObject({ completed: true })
    expect(receiptAt(reborn)).toEqual(receiptAt(world.alice))
    expect(receiptAt(reborn)?.by).toEqual(['inviter', 'invitee'])
  })

  it('works with an invitee that signs nothing', async () => {
    const world = new World({ invitee: { signs: false } })
    expect(await world.redeemed(world.invite({ initiatorRole }))).toMatchObject({ completed: true })
    expect(world.alice.tallies).toMatchObject([{ status: 'confirmed' }])
    // Who builds has said yes before the invitee could sign; who does not gives nothing for nothing.
    expect(receiptAt(world.alice)?.by).toEqual(initiatorRole === 'stock' ? ['inviter'] : undefined)
  })

  it('works with an inviter that signs nothing, and is given no signature', async () => {
    const world = new World({ inviter: { signs: false } })
    expect(await world.redeemed(world.invite({ initiatorRole }))).toMatchObject({ completed: true })
    expect(world.alice.tallies).toMatchObject([{ status: 'confirmed' }])
    expect(JSON.stringify(world.said(-1))).not.toMatch(/signature|requestHash/)
    expect([receiptAt(world.alice), receiptAt(world.bob)]).toEqual([undefined, undefined])
  })
})

describe('an inviter that signs something else', () => {
  it('is not believed: nothing is kept of an answer', async () => {
    const world = new World({ inviter: { sign: RUBBISH } })
    const outcome = await world.redeemed(world.invite())
    expect(outcome).toMatchObject({ completed: false, reason: 'response_invalid' })
    expect(world.bob.tallies).toEqual([])
  })

  it('is not believed with the signature of another receipt of its own', async () => {
    const honest = new World()
    const world = new World({ inviter: { sign: repeating(() => Uint8Array.from(stolen)) } })
    const other = await honest.redeemed(honest.invite())
    expect(other.completed).toBe(true)
    const stolen = Buffer.from(receiptAt(honest.alice)?.signatures[0] ?? '', 'base64url')
    expect(stolen).toHaveLength(64)
    const outcome = await world.redeemed(world.invite({ secret: 9 }))
    expect(outcome).toMatchObject({ completed: false, reason: 'response_invalid' })
  })

  it('confirms nothing where the invitee has built, and the invitee still holds its half', async () => {
    const world = new World({ inviter: { sign: RUBBISH } })
    const link = world.invite({ initiatorRole: 'foil' })
    const outcome = await world.redeemed(link)
    expect(outcome).toMatchObject({ completed: false, reason: 'receipt_invalid' })
    expect(world.bob.tallies).toMatchObject([{ status: 'held' }])
    expect(receiptAt(world.bob)?.by).toEqual(['invitee'])
  })
})

describe('an inviter that signs, and then says', () => {
  type Say = (message: Message) => Message

  /** What Alice once said to Bob, altered, to a Bob who knows nothing of it. */
  async function heard(initiatorRole: Role, alter: Say) {
    const world = new World()
    const link = world.invite({ initiatorRole })
    await world.redeemed(link)
    const said = world.said(-1).listener.map(alter)
    const reborn = world.stranger(2)
    const dialer = dialerToScript(world, (_message, peer) => {
      const next = said.shift()
      if (next !== undefined) void peer.say(next)
    })
    const outcome = await reborn.manager.initiate({ link, identity: {}, cadre: [] }, dialer)
    return { outcome, kept: reborn.tallies.map(({ status }) => status) }
  }

  const onApproval =
    (change: (approval: Approval) => Approval): Say =>
    (message) =>
      message.type === 'ProvisioningResult' && message.approved ? change(message) : message

  it.each(ROLES)('nothing else is believed (%s)', async (role) => {
    const { outcome, kept } = await heard(role, (message) => message)
    expect(outcome).toMatchObject({ completed: true })
    expect(kept).toEqual(['confirmed'])
  })

  it.each(ROLES)('that it answers another request is not (%s)', async (role) => {
    const other = onApproval((approval) => ({ ...approval, requestHash: 'f'.repeat(64) }))
    const { outcome, kept } = await heard(role, other)
    expect(outcome).toMatchObject({
      reason: 'response_invalid',
      detail: expect.stringMatching(/another request/),
    })
    expect(kept).toEqual([])
  })

  it('the same, but unsigned, is not', async () => {
    const unsigned = onApproval(({ signature, ...approval }) => approval)
    const { outcome, kept } = await heard('stock', unsigned)
    expect(outcome).toMatchObject({ reason: 'response_invalid', detail: 'it is not signed' })
    expect(kept).toEqual([])
  })

  it.each(ROLES)('something that the signature does not cover is not (%s)', async (role) => {
    const later = onApproval((approval) => ({ ...approval, sessionId: 'another' }))
    const { outcome } = await heard(role, later)
    const reason = role === 'stock' ? 'response_invalid' : 'receipt_invalid'
    expect(outcome).toMatchObject({ completed: false, reason })
  })

  it('nothing in its receipt, after the invitee has signed, confirms nothing', async () => {
    const { outcome, kept } = await heard('foil', (message) => {
      if (message.type !== 'Receipt') return message
      const { signature, ...receipt } = message
      return receipt
    })
    expect(outcome).toMatchObject({ completed: false, reason: 'receipt_invalid' })
    expect(kept).toEqual(['held'])
  })
})

describe('an invitee that signs something else', () => {
  it('confirms nothing, and takes nothing away: the right signature still does', async () => {
    let lies = true
    const world = new World({ invitee: { sign: (bytes) => (lies ? RUBBISH() : right(bytes)) } })
    const right = signatureOf(2)
    const link = world.invite()
    await world.redeemed(link)
    expect(world.alice.tallies).toMatchObject([{ status: 'offered' }])
    expect(receiptAt(world.alice)?.by).toEqual(['inviter'])
    expect(world.alice.auditEvents).toContain('receipt.forged')
    expect(world.alice.store.repositories.tokens.list()).toMatchObject([{ used: 1, reserved: 0 }])
    lies = false
    await world.redeemed(link)
    expect(world.alice.tallies).toMatchObject([{ status: 'confirmed' }])
    expect(receiptAt(world.alice)?.by).toEqual(['inviter', 'invitee'])
  })

  it('gets no tally where it has built, and the use is free again', async () => {
    const world = new World({ invitee: { sign: RUBBISH } })
    const outcome = await world.redeemed(world.invite({ initiatorRole: 'foil' }))
    expect(outcome).toMatchObject({ completed: false, reason: 'protocol_violation' })
    expect([world.alice.tallies, world.bob.tallies]).toEqual([[], []])
    expect(world.alice.store.repositories.tokens.list()).toMatchObject([{ used: 0, reserved: 0 }])
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
    const body = receiptAt(world.alice)?.body
    if (body === undefined) throw new Error('no receipt')
    const signature = Buffer.from(signatureOf(2)(receiptBytes(body))).toString('base64url')
    return { world, said, signature }
  }

  it('is checked against what is stored', async () => {
    const { world, said, signature } = await answered()
    await scriptedInvitee(world).say({ ...said, signature })
    expect(receiptAt(world.alice)?.by).toEqual(['inviter', 'invitee'])
    expect(world.alice.tallies).toMatchObject([{ status: 'confirmed' }])
  })

  it('is told that it was forged, although it has ended its side', async () => {
    const { world, said } = await answered()
    const peer = scriptedInvitee(world)
    const signature = Buffer.from(RUBBISH()).toString('base64url')
    await peer.transport.send(encodeMessage({ ...said, signature }))
    void peer.transport.close()
    await settle()
    expect(peer.refusal).toBe('protocol_violation')
    expect(world.alice.tallies).toMatchObject([{ status: 'offered' }])
  })

  it('of somebody else is worth nothing, with whatever signature', async () => {
    const { world, said, signature } = await answered()
    for (const text of [signature, Buffer.from(RUBBISH()).toString('base64url')])
      await scriptedInvitee(world, world.stranger(3)).say({ ...said, signature: text })
    expect(world.alice.auditEvents).not.toContain('receipt.forged')
    expect(world.alice.tallies).toMatchObject([{ status: 'offered' }])
    expect(receiptAt(world.alice)?.by).toEqual(['inviter'])
  })

  it('that comes again without its signature takes none away', async () => {
    const { world, said, signature } = await answered()
    await scriptedInvitee(world).say({ ...said, signature })
    await scriptedInvitee(world).say(said)
    expect(receiptAt(world.alice)?.by).toEqual(['inviter', 'invitee'])
  })
})
