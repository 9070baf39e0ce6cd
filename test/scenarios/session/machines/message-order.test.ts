import { describe, expect, it } from 'vitest'
import type { Role } from '../../../../src/protocol/base/role.ts'
import {
  type MessageStep,
  mayRefuse,
  type OrderRow,
  stepsAfter,
} from '../../../../src/protocol/message/message-order.ts'
import { dialerStep } from '../../../../src/session/machine/dialer-table.ts'
import { listenerStep } from '../../../../src/session/machine/listener-table.ts'
import {
  DIALER_EVENTS,
  DIALER_STATES,
  flat,
  LISTENER_EVENTS,
  LISTENER_STATES,
} from '../../../support/session/machine/sample-states.ts'

type Place = readonly [after: OrderRow['after'], role: Role]

/** Where in the exchange a state is, by the last message said or heard. */
const LISTENER_PLACES: Readonly<Record<string, Place>> = {
  READING_REQUEST: ['Start', 'stock'],
  'READING_REQUEST (describing the offer)': ['Inspect', 'stock'],
  'READING_REQUEST (offer sent)': ['Offer', 'stock'],
  'READING_REQUEST (checking a decline)': ['Decline', 'stock'],
  VALIDATING_TOKEN: ['InboundContact', 'stock'],
  'VALIDATING_TOKEN (asking the host)': ['InboundContact', 'stock'],
  'VALIDATING_IDENTITY (stock)': ['InboundContact', 'stock'],
  'VALIDATING_IDENTITY (foil)': ['InboundContact', 'foil'],
  'PROVISIONING_DB (stock)': ['InboundContact', 'stock'],
  'PROVISIONING_DB (foil)': ['InboundContact', 'foil'],
  'SENDING_RESPONSE (stock)': ['Approval', 'stock'],
  'SENDING_RESPONSE (foil)': ['Approval', 'foil'],
  'AWAITING_ACK (foil)': ['Approval', 'foil'],
  'AWAITING_ACK (foil, checking)': ['DatabaseResult', 'foil'],
  COMPLETED: ['Acknowledgment', 'stock'],
  'COMPLETED (stock, no acknowledgment yet)': ['Approval', 'stock'],
}

const LISTENER_HEARS: Readonly<Record<string, MessageStep>> = {
  inspect: 'Inspect',
  contact: 'InboundContact',
  databaseResult: 'DatabaseResult',
  acknowledgment: 'Acknowledgment',
  decline: 'Decline',
  strayMessage: 'Offer',
}

const DIALER_PLACES: Readonly<Record<string, Place>> = {
  CONNECTING: ['Start', 'stock'],
  'SENDING_REQUEST (inspecting)': ['Inspect', 'stock'],
  'SENDING_REQUEST (awaiting the offer)': ['Inspect', 'stock'],
  'SENDING_REQUEST (contacting)': ['InboundContact', 'stock'],
  AWAITING_RESPONSE: ['InboundContact', 'stock'],
  'VALIDATING_RESPONSE (stock)': ['Approval', 'stock'],
  'VALIDATING_RESPONSE (foil)': ['Approval', 'foil'],
  'PROVISIONING_DB (foil)': ['Approval', 'foil'],
  'SENDING_RESULT (foil)': ['DatabaseResult', 'foil'],
  'AWAITING_RECEIPT (foil)': ['DatabaseResult', 'foil'],
}

const DIALER_HEARS: Readonly<Record<string, MessageStep>> = {
  offer: 'Offer',
  approval: 'Approval',
  refusal: 'Refusal',
  receipt: 'Receipt',
  strayMessage: 'InboundContact',
}

/** Messages that only the other side of a machine sends. */
const INVITERS: readonly MessageStep[] = ['Offer', 'Approval', 'Refusal', 'Receipt']

function isViolation(state: object): boolean {
  return 'failure' in state && JSON.stringify(state.failure).includes('"unexpected_message"')
}

const listenerCases = flat(LISTENER_STATES).flatMap(({ label, item: state }) => {
  const [after, role] = LISTENER_PLACES[label] ?? []
  if (after === undefined || role === undefined) return []
  return flat(LISTENER_EVENTS).flatMap(({ name, label: event, item }) => {
    const step = LISTENER_HEARS[name]
    if (step === undefined || event.includes('another')) return []
    const allowed = !INVITERS.includes(step) && stepsAfter(after, role).includes(step)
    return [{ label, event, allowed, state, answer: listenerStep(state, item) }]
  })
})

const dialerCases = flat(DIALER_STATES).flatMap(({ label, item: state }) => {
  const [after, role] = DIALER_PLACES[label] ?? []
  if (after === undefined || role === undefined) return []
  return flat(DIALER_EVENTS).flatMap(({ name, label: event, item }) => {
    const step = DIALER_HEARS[name]
    if (step === undefined) return []
    const inTurn = INVITERS.includes(step) && stepsAfter(after, role).includes(step)
    const allowed = inTurn || (step === 'Refusal' && mayRefuse(after, role))
    return [{ label, event, allowed, answer: dialerStep(state, item) }]
  })
})

describe("the inviter's machine", () => {
  const live = listenerCases.filter(({ label }) => !label.startsWith('COMPLETED'))

  it.each(live.filter(({ allowed }) => !allowed))(
    'takes $event in $label for a violation',
    (each) => {
      expect(isViolation(each.answer.state)).toBe(true)
      const [last] = each.answer.effects
      const unsayable = each.label === 'SENDING_RESPONSE (stock)'
      expect(last).toMatchObject(
        unsayable ? { type: 'reset' } : { type: 'refuse', denial: { code: 'protocol_violation' } },
      )
    },
  )

  it.each(live.filter(({ allowed }) => allowed))('takes $event in $label for an answer', (each) => {
    expect(isViolation(each.answer.state)).toBe(false)
    expect(each.answer.state).not.toBe(each.state)
  })

  it.each(listenerCases.filter(({ label, allowed }) => label.startsWith('COMPLETED') && !allowed))(
    'ends the stream on $event in $label and keeps what was agreed',
    ({ state, answer }) => {
      expect(answer).toEqual({ state, changes: [], effects: [{ type: 'reset' }] })
    },
  )
})

describe("the invitee's machine", () => {
  it.each(dialerCases.filter(({ allowed }) => !allowed))(
    'takes $event in $label for a violation',
    ({ answer }) => {
      expect(isViolation(answer.state)).toBe(true)
      // All that may be written is that what was begun has to go.
      expect(answer.changes.filter(({ type }) => type !== 'oweRemoval')).toEqual([])
      expect(answer.effects.map(({ type }) => type)).toContain('reset')
    },
  )

  it.each(dialerCases.filter(({ allowed }) => allowed))(
    'takes $event in $label for an answer',
    ({ answer }) => {
      expect(isViolation(answer.state)).toBe(false)
    },
  )
})
