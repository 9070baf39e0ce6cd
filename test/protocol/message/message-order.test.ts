import { describe, expect, it } from 'vitest'
import type { Role } from '../../../src/protocol/base/role.ts'
import type { MessageStep, Sender } from '../../../src/protocol/message/message-order.ts'
import {
  allowedAfter,
  MESSAGE_ORDER,
  mayFollow,
  senderOf,
  stepsAfter,
} from '../../../src/protocol/message/message-order.ts'
import type { Message } from '../../../src/protocol/message/messages.ts'

const refusal: Message = { type: 'ProvisioningResult', approved: false, code: 'busy', reason: '' }
const inspect: Message = { type: 'Inspect', secret: 'x' }
const decline: Message = { type: 'Decline', secret: 'x' }
const acknowledgment: Message = { type: 'Acknowledgment', redemptionId: 'r', responseHash: 'h' }

const SENDER: Readonly<Record<MessageStep, Sender>> = {
  Inspect: 'invitee',
  Offer: 'inviter',
  InboundContact: 'invitee',
  Approval: 'inviter',
  Refusal: 'inviter',
  DatabaseResult: 'invitee',
  Acknowledgment: 'invitee',
  Receipt: 'inviter',
  Decline: 'invitee',
}

/** Every whole exchange, as one line each. */
function exchanges(role: Role, after: MessageStep | 'Start' = 'Start'): readonly string[] {
  const next = stepsAfter(after, role)
  if (next.length === 0) return ['.']
  return next.flatMap((step) => exchanges(role, step).map((rest) => `${step} ${rest}`))
}

describe('the order of messages', () => {
  it('makes these exchanges when the inviter holds stock', () => {
    expect(exchanges('stock').toSorted()).toEqual(
      [
        'Inspect Offer InboundContact Approval Acknowledgment .',
        'Inspect Offer InboundContact Refusal .',
        'Inspect Offer Decline .',
        'Inspect Refusal .',
        'InboundContact Approval Acknowledgment .',
        'InboundContact Refusal .',
        'Decline .',
        'Acknowledgment .',
      ].toSorted(),
    )
  })

  it('makes these exchanges when the inviter holds foil', () => {
    expect(exchanges('foil').toSorted()).toEqual(
      [
        'Inspect Offer InboundContact Approval DatabaseResult Receipt .',
        'Inspect Offer InboundContact Refusal .',
        'Inspect Offer Decline .',
        'Inspect Refusal .',
        'InboundContact Approval DatabaseResult Receipt .',
        'InboundContact Refusal .',
        'Decline .',
      ].toSorted(),
    )
  })

  it('has the two sides speak in turn', () => {
    for (const { after, next } of MESSAGE_ORDER) {
      const turns = next.map((step) => SENDER[step])
      if (after === 'Start') expect(new Set(turns)).toEqual(new Set(['invitee']))
      else expect(turns).not.toContain(SENDER[after])
    }
  })

  it('has a row for every step that can be reached', () => {
    for (const { next, role } of MESSAGE_ORDER) {
      for (const step of next) {
        const rows = MESSAGE_ORDER.filter((row) => row.after === step)
        expect(
          rows.some((row) => row.role === 'both' || role === 'both' || row.role === role),
        ).toBe(true)
      }
    }
  })

  it('is told by message type too', () => {
    expect(allowedAfter(undefined, 'foil')).toEqual(['Inspect', 'InboundContact', 'Decline'])
    expect(allowedAfter(undefined, 'stock')).toContain('Acknowledgment')
    expect(allowedAfter(inspect, 'stock')).toEqual(['Offer', 'ProvisioningResult'])
    expect(allowedAfter(refusal, 'stock')).toEqual([])
  })

  it('lets the inviter refuse out of turn, until it has promised', () => {
    const approval: Message = {
      type: 'ProvisioningResult',
      approved: true,
      sessionId: 's',
      redemptionId: 'r',
      role: 'stock',
      partyId: 'p',
      identity: {},
      cadre: [],
      terms: null,
      tallyId: 't',
      approvedAt: 0,
    }
    expect(mayFollow(undefined, refusal, 'stock', 'inviter')).toBe(true)
    expect(mayFollow(decline, refusal, 'stock', 'inviter')).toBe(true)
    expect(mayFollow(approval, refusal, 'foil', 'inviter')).toBe(true)
    expect(mayFollow(approval, refusal, 'stock', 'inviter')).toBe(false)
    expect(mayFollow(refusal, refusal, 'foil', 'inviter')).toBe(false)
  })

  it('lets nobody speak for the other side', () => {
    expect(senderOf('ProvisioningResult')).toBe('inviter')
    expect(mayFollow(inspect, refusal, 'stock', 'inviter')).toBe(true)
    expect(mayFollow(inspect, refusal, 'stock', 'invitee')).toBe(false)
    expect(mayFollow(undefined, decline, 'foil', 'invitee')).toBe(true)
    expect(mayFollow(undefined, acknowledgment, 'foil', 'invitee')).toBe(false)
    expect(mayFollow(decline, inspect, 'foil', 'invitee')).toBe(false)
  })
})
