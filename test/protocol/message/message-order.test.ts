import { describe, expect, it } from 'vitest'
import type { Role } from '../../../src/protocol/base/role.ts'
import type { MessageStep, Sender } from '../../../src/protocol/message/message-order.ts'
import {
  MESSAGE_ORDER,
  mayRefuse,
  senderOf,
  stepsAfter,
} from '../../../src/protocol/message/message-order.ts'

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

  it('begins and goes on as the machines expect it', () => {
    expect(stepsAfter('Start', 'foil')).toEqual(['Inspect', 'InboundContact', 'Decline'])
    expect(stepsAfter('Start', 'stock')).toContain('Acknowledgment')
    expect(stepsAfter('Inspect', 'stock')).toEqual(['Offer', 'Refusal'])
    expect(stepsAfter('Refusal', 'stock')).toEqual([])
    expect(stepsAfter('Decline', 'foil')).not.toContain('Inspect')
  })

  it('lets the inviter refuse out of turn, until it has promised', () => {
    const all = ['Start', 'Inspect', 'Offer', 'InboundContact', 'Approval', 'Refusal'] as const
    const last = ['DatabaseResult', 'Receipt', 'Acknowledgment', 'Decline'] as const
    const refusable = (role: 'stock' | 'foil') =>
      [...all, ...last].filter((after) => mayRefuse(after, role))
    const early = ['Start', 'Inspect', 'Offer', 'InboundContact']
    expect(refusable('stock')).toEqual([...early, 'DatabaseResult', 'Decline'])
    expect(refusable('foil')).toEqual([...early, 'Approval', 'DatabaseResult', 'Decline'])
  })

  it('lets nobody speak for the other side', () => {
    expect(senderOf('ProvisioningResult')).toBe('inviter')
    expect(senderOf('Decline')).toBe('invitee')
    expect(senderOf('Acknowledgment')).toBe('invitee')
  })
})
