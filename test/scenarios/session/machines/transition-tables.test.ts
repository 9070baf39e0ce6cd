import { describe, expect, it } from 'vitest'
import { stepLimitMs } from '../../../../src/session/machine/deadlines.ts'
import { DIALER_TABLE, dialerStep } from '../../../../src/session/machine/dialer-table.ts'
import { LISTENER_TABLE, listenerStep } from '../../../../src/session/machine/listener-table.ts'
import {
  type AnyTransition,
  describeTransition,
  isIgnored,
} from '../../../support/session/machine/describe-transition.ts'
import {
  DIALER_EVENTS,
  DIALER_STATES,
  flat,
  LISTENER_EVENTS,
  LISTENER_STATES,
  type Sample,
} from '../../../support/session/machine/sample-states.ts'

interface Probe {
  readonly state: Sample<{ readonly name: string }>
  readonly event: Sample<{ readonly type: string }>
  readonly answer: AnyTransition
}

const listener: readonly Probe[] = flat(LISTENER_STATES).flatMap((state) =>
  flat(LISTENER_EVENTS).map((event) => ({
    state,
    event,
    answer: listenerStep(state.item, event.item),
  })),
)

const dialer: readonly Probe[] = flat(DIALER_STATES).flatMap((state) =>
  flat(DIALER_EVENTS).map((event) => ({
    state,
    event,
    answer: dialerStep(state.item, event.item),
  })),
)

/** What says no, ends the stream or takes back: all that may follow a failure. */
const AFTER_FAILURE = new Set([
  'refuse',
  'refuseReceipt',
  'reset',
  'close',
  'releaseUse',
  'deprovision',
])

const BEFORE_COMMIT_POINT = new Set(['VALIDATING_TOKEN', 'VALIDATING_IDENTITY', 'PROVISIONING_DB'])

const SIDES = [
  { side: 'inviter', probes: listener, table: LISTENER_TABLE },
  { side: 'invitee', probes: dialer, table: DIALER_TABLE },
]

describe.each(SIDES)("the $side's table", ({ probes, table }) => {
  const live = probes.filter(({ state }) => !final(state.item))

  it('has an answer for every state and event', () => {
    for (const row of Object.values(table)) {
      expect(Object.keys(row).toSorted()).toEqual(
        [...new Set(probes.map(({ event }) => event.name))].toSorted(),
      )
    }
    expect(new Set(probes.map(({ state }) => state.name))).toEqual(new Set(Object.keys(table)))
  })

  it('answers as written down', () => {
    const lines = Object.groupBy(probes, ({ state }) => state.label)
    const matrix = Object.entries(lines).map(([label, row = []]) => [
      label,
      row
        .map(({ state, event, answer }) => [event.label, describeTransition(state.item, answer)])
        .filter(([, answer]) => answer !== '–')
        .map(([event, answer]) => `${event}: ${answer}`),
    ])
    expect(Object.fromEntries(matrix)).toMatchSnapshot()
  })

  it('never leaves a final state', () => {
    const left = probes.filter(({ state, answer }) => final(state.item) && !final(answer.state))
    expect(left).toEqual([])
    for (const { state, answer } of probes) {
      if (final(state.item)) expect(answer.state.name).toBe(state.name)
    }
  })

  it('ends on both deadlines, wherever it waits', () => {
    for (const type of ['stepDeadline', 'sessionDeadline']) {
      for (const { answer } of live.filter(({ event }) => event.name === type)) {
        expect(final(answer.state)).toBe(true)
      }
    }
  })

  it('has a deadline in every state it can wait in, and in no other', () => {
    const deadlines = { stepTimeoutMs: 1, provisionTimeoutMs: 2, sessionTimeoutMs: 3 }
    for (const { state } of probes) {
      const limit = stepLimitMs(nameIn(table, state.name), deadlines)
      expect(limit === undefined).toBe(final(state.item))
    }
  })

  it('says no, closes or takes back after a failure, and does nothing else', () => {
    const failed = live.filter(
      ({ answer }) => answer.state.name !== 'COMPLETED' && final(answer.state),
    )
    expect(failed.length).toBeGreaterThan(50)
    for (const { answer } of failed) {
      const others = answer.effects.filter(({ type }) => !AFTER_FAILURE.has(type))
      expect(others).toEqual([])
    }
  })

  it('ends or gives up the stream with every failure', () => {
    const failed = live.filter(
      ({ event, answer }) =>
        // A crash took the stream with it.
        event.name !== 'crashed' && answer.state.name !== 'COMPLETED' && final(answer.state),
    )
    for (const { answer } of failed) {
      const ways = answer.effects.filter(({ type }) =>
        ['refuse', 'refuseReceipt', 'reset', 'close'].includes(type),
      )
      expect(ways.length).toBeGreaterThan(0)
    }
  })

  it('keeps why and where it failed', () => {
    for (const { state, event, answer } of live) {
      if (answer.state.name !== 'FAILED' && answer.state.name !== 'TIMEOUT') continue
      // A result that overtook our own `sent` is judged where it belongs.
      const overtook = state.name === 'SENDING_RESPONSE' && event.name === 'databaseResult'
      // Looking and declining have the token checked without a state of its own.
      const asks = ['offer', 'decline'].includes(String(Reflect.get(state.item, 'busy')))
      const step = asks ? 'VALIDATING_TOKEN' : state.name
      const steps = overtook ? ['AWAITING_ACK', step] : [step]
      // A decline ends where it was said.
      const ended = event.name === 'declineRecognised' ? [state.name] : steps
      expect(ended).toContain(stepOf(answer.state))
    }
  })

  it('has a way out of every state that is no failure, or leads to waiting for the inviter', () => {
    for (const name of Object.keys(table)) {
      if (final({ name })) continue
      const ways = live.filter(
        ({ state, event, answer }) =>
          state.name === name &&
          (event.name === 'requestKept' ||
            !['FAILED', 'TIMEOUT', name].includes(answer.state.name)),
      )
      expect(ways.length).toBeGreaterThan(0)
    }
  })

  it('answers the same again, and changes nothing it was given', () => {
    for (const { state, event, answer } of probes) {
      const frozen = { state: deepFreeze(state.item), event: deepFreeze(event.item) }
      const step: (state: never, event: never) => AnyTransition =
        table === LISTENER_TABLE ? listenerStep : dialerStep
      expect(step(frozen.state as never, frozen.event as never)).toEqual(answer)
    }
  })
})

/** What these leave behind is gone on with: by the session that took over, or by the peer when it is back. */
const LEFT_TO_OTHERS = new Set(['superseded', 'crashed', 'parked'])

describe("the inviter's table", () => {
  it('gives a use back before the commit point only', () => {
    for (const { state, event, answer } of listener) {
      const release = answer.changes.some(({ type }) => type === 'release')
      if (!release) continue
      const rejected = state.name === 'AWAITING_ACK' && event.name === 'databaseRefused'
      expect(BEFORE_COMMIT_POINT.has(state.name) || rejected).toBe(true)
    }
  })

  it('gives a use back whenever it fails before the commit point, unless another took over', () => {
    const failed = listener.filter(
      ({ state, event, answer }) =>
        ['VALIDATING_IDENTITY', 'PROVISIONING_DB'].includes(state.name) &&
        !LEFT_TO_OTHERS.has(event.name) &&
        !isByHand(state.item) &&
        final(answer.state),
    )
    expect(failed.length).toBeGreaterThan(20)
    for (const { answer } of failed) {
      expect(answer.changes.map(({ type }) => type)).toContain('release')
      expect(answer.effects.map(({ type }) => type)).toContain('releaseUse')
    }
  })

  it('keeps a use that the inviter has said yes to, unless it was refused, revoked or cancelled since', () => {
    const failed = listener.filter(
      ({ state, answer }) =>
        isByHand(state.item) && state.name !== 'ASKING_INVITER' && final(answer.state),
    )
    const released = failed.filter(({ answer }) =>
      answer.changes.some(({ type }) => type === 'release'),
    )
    expect(failed.length).toBeGreaterThan(20)
    expect(new Set(released.map(({ event }) => event.name))).toEqual(
      new Set(['approvalVoid', 'cancelled', 'identityRefused']),
    )
    for (const { event, answer } of failed.filter((each) => !released.includes(each))) {
      if (event.name !== 'superseded') expect(answer.changes).toEqual([])
    }
  })

  it('gives nothing and builds nothing while the inviter is to be asked', () => {
    const asking = listener.filter(({ state }) => state.name === 'ASKING_INVITER')
    expect(asking.length).toBeGreaterThan(20)
    for (const { answer } of asking) {
      expect(answer.changes).toEqual([])
      expect(['ASKING_INVITER', 'FAILED', 'TIMEOUT']).toContain(answer.state.name)
    }
  })

  it('takes back what may have been built whenever building fails', () => {
    for (const { state, event, answer } of listener) {
      const failed = state.label === 'PROVISIONING_DB (stock)' && final(answer.state)
      if (!failed || LEFT_TO_OTHERS.has(event.name)) continue
      expect(answer.effects.map(({ type }) => type)).toContain('deprovision')
    }
  })

  it('leaves the use to the session that took over, and owes the removal of what it built', () => {
    for (const { state, answer } of listener.filter(({ event }) => event.name === 'superseded')) {
      const builds = state.label.startsWith('PROVISIONING_DB (stock')
      const effects = answer.effects.map(({ type }) => type)
      expect(answer.changes.map(({ type }) => type)).toEqual(builds ? ['oweRemoval'] : [])
      expect(effects).not.toContain('releaseUse')
      expect(effects.includes('deprovision')).toBe(builds)
    }
  })

  it('never unsays a yes that was committed', () => {
    const ended = listener.filter(
      ({ state, answer }) => state.label === 'SENDING_RESPONSE (stock)' && final(answer.state),
    )
    expect(ended.length).toBeGreaterThan(5)
    for (const { answer } of ended) {
      expect(answer.effects.map(({ type }) => type)).not.toContain('refuse')
    }
  })

  it('spends a use in the transition that commits it and in those that find it committed, and in no other', () => {
    for (const { answer, event, state } of listener) {
      const commits = answer.changes.some(({ type }) => type.startsWith('commit'))
      const replayed = event.item.type === 'tokenReplayed'
      const repeats = replayed && state.item.name === 'VALIDATING_TOKEN'
      const marks = answer.effects.some(({ type }) => type === 'markUsed')
      expect(marks).toBe(commits || repeats)
    }
  })
})

describe("the invitee's table", () => {
  it('begins nothing in the network before the attempt is stored', () => {
    for (const { answer } of dialer) {
      const dials = answer.effects.some(({ type }) => type === 'dial')
      const begins = answer.changes.some(({ type }) => type === 'beginAttempt')
      expect(dials).toBe(begins)
    }
  })

  it('acknowledges and hands over only what it keeps in the same transaction', () => {
    for (const { answer } of dialer) {
      const tells = answer.effects.some(({ type }) =>
        ['sendAcknowledgment', 'sendResult'].includes(type),
      )
      if (tells) expect(answer.changes.map(({ type }) => type)).toContain('keepTally')
    }
  })

  it('holds on to what it built and handed over, however the session ends', () => {
    const ended = dialer.filter(
      ({ state, answer }) =>
        ['SENDING_RESULT', 'AWAITING_RECEIPT'].includes(state.name) &&
        ['FAILED', 'TIMEOUT'].includes(answer.state.name),
    )
    expect(ended.length).toBeGreaterThan(10)
    for (const { event, answer } of ended) {
      const refused = event.label === 'receipt (refused)'
      expect(answer.changes.some(({ type }) => type === 'discardTally')).toBe(refused)
      expect(answer.effects.some(({ type }) => type === 'deprovision')).toBe(refused)
      expect('held' in answer.state).toBe(!refused)
    }
  })

  it('is completed once its tally is stored, whatever becomes of the stream', () => {
    const from = dialer.filter(({ state }) => state.name === 'ACKNOWLEDGING')
    for (const { state, answer } of from.filter(
      (each) => !isIgnored(each.state.item, each.answer),
    )) {
      expect([state.name, answer.state.name]).toEqual(['ACKNOWLEDGING', 'COMPLETED'])
    }
  })
})

function nameIn(
  table: object,
  name: string,
): keyof typeof LISTENER_TABLE | keyof typeof DIALER_TABLE {
  if (!(name in table)) throw new TypeError(`no state ${name}`)
  return name as keyof typeof LISTENER_TABLE | keyof typeof DIALER_TABLE
}

function isByHand(state: object): boolean {
  return 'grant' in state && Object(state.grant).byHand === true
}

function stepOf(state: object): unknown {
  if (!('failure' in state)) return undefined
  const { failure } = state
  return typeof failure === 'object' && failure && 'step' in failure ? failure.step : undefined
}

function final({ name }: { readonly name: string }): boolean {
  return name === 'COMPLETED' || name === 'FAILED' || name === 'TIMEOUT'
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const each of Object.values(value)) deepFreeze(each)
  }
  return value
}
