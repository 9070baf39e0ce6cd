import { describe, expect, it } from 'vitest'
import type { Role } from '../../../../src/protocol/base/role.ts'
import type { Approval, Message } from '../../../../src/protocol/message/messages.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { receiptAt } from '../../../support/session/receipt-at.ts'
import { dialerToScript } from '../../../support/session/scripted-peer.ts'
import { signatureOf, World } from '../../../support/session/world.ts'

const ROLES = ['stock', 'foil'] as const

/** A key that signs, whatever it is shown, what it was shown first. */
function repeating(sign: (bytes: Uint8Array) => Uint8Array) {
  let first: Uint8Array | undefined
  return (bytes: Uint8Array): Uint8Array => {
    first ??= sign(bytes)
    return first
  }
}

const RUBBISH = (): Uint8Array => new Uint8Array(64).fill(7)

describe('an inviter that signs something else', () => {
  it('is not believed: nothing is kept of an answer', async () => {
    const world = new World({ inviter: { sign: RUBBISH } })
    const outcome = await world.redeemed(world.invite())
    expect(outcome).toMatchObject({ completed: false, reason: 'response_invalid' })
    expect(await world.bob.tallies).toEqual([])
  })

  it('is not believed with the signature of another receipt of its own', async () => {
    const honest = new World()
    const world = new World({ inviter: { sign: repeating(() => Uint8Array.from(stolen)) } })
    const other = await honest.redeemed(honest.invite())
    expect(other.completed).toBe(true)
    const stolen = Buffer.from((await receiptAt(honest.alice))?.signatures[0] ?? '', 'base64url')
    expect(stolen).toHaveLength(64)
    const outcome = await world.redeemed(world.invite({ secret: 9 }))
    expect(outcome).toMatchObject({ completed: false, reason: 'response_invalid' })
  })

  it('confirms nothing where the invitee has built, and the invitee still holds its half', async () => {
    const world = new World({ inviter: { sign: RUBBISH } })
    const link = world.invite({ initiatorRole: 'foil' })
    const outcome = await world.redeemed(link)
    expect(outcome).toMatchObject({ completed: false, reason: 'receipt_invalid' })
    expect(await world.bob.tallies).toMatchObject([{ status: 'held' }])
    expect((await receiptAt(world.bob))?.by).toEqual(['invitee'])
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
    const outcome = await reborn.manager.redeem({ link, identity: {}, cadre: [] }, dialer)
    return { outcome, kept: (await reborn.tallies).map(({ status }) => status) }
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
    expect(await world.alice.tallies).toMatchObject([{ status: 'offered' }])
    expect((await receiptAt(world.alice))?.by).toEqual(['inviter'])
    expect(world.alice.auditEvents).toContain('receipt.forged')
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 1, reserved: 0 },
    ])
    lies = false
    await world.redeemed(link)
    expect(await world.alice.tallies).toMatchObject([{ status: 'confirmed' }])
    expect((await receiptAt(world.alice))?.by).toEqual(['inviter', 'invitee'])
  })

  it('gets no tally where it has built, and the use is free again', async () => {
    const world = new World({ invitee: { sign: RUBBISH } })
    const outcome = await world.redeemed(world.invite({ initiatorRole: 'foil' }))
    expect(outcome).toMatchObject({ completed: false, reason: 'protocol_violation' })
    expect([await world.alice.tallies, await world.bob.tallies]).toEqual([[], []])
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
  })
})
