import { describe, expect, it } from 'vitest'
import type { SessionFacts, SessionMachine } from '../../../src/session/run/session-machine.ts'
import { SessionRunner } from '../../../src/session/run/session-runner.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { settle } from '../../support/session/world.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

type State = { readonly name: 'CREATED' | 'READING_REQUEST' | 'FAILED' | 'TIMEOUT' }
type Event = { readonly type: 'go' }
type Machine = SessionMachine<State, Event, 'change', 'effect', object>

const DEADLINES = { stepTimeoutMs: 10, provisionTimeoutMs: 20, sessionTimeoutMs: 100 }

const nothing = (): never => {
  throw new TypeError('value.trim is not a function')
}

/** A machine that goes from CREATED to READING_REQUEST, with what a test puts in its place. */
function machine(changes: Partial<Machine>): Machine {
  return {
    side: 'listener',
    exchange: undefined,
    extent: { jsonDepth: 0, addresses: 0 },
    step: (state, { type }) => {
      if (type === 'effectFailed') return { state: { name: 'FAILED' }, changes: [], effects: [] }
      if (type === 'stepDeadline') return { state: { name: 'TIMEOUT' }, changes: [], effects: [] }
      if (state.name !== 'CREATED') return { state, changes: [], effects: [] }
      return { state: { name: 'READING_REQUEST' }, changes: ['change'], effects: ['effect'] }
    },
    isRecorded: () => false,
    facts: ({ name }): SessionFacts => ({ id: 'session', peerId: 'peer', state: name }),
    quote: () => [],
    prepare: () => ({ writes: [] }),
    trace: () => [],
    applied: () => undefined,
    perform: () => undefined,
    isInternal: () => false,
    isCertain: () => false,
    undoneBy: () => undefined,
    lostBy: () => ({ type: 'go' }),
    ...changes,
  }
}

function running(changes: Partial<Machine>) {
  const clock = new VirtualClock()
  const told: string[] = []
  const ports = { store: openMemoryStore(), clock, config: DEADLINES }
  const runner = new SessionRunner(machine(changes), { name: 'CREATED' } as State, ports, {
    moved: ({ state }) => void told.push(state),
    certain: () => undefined,
    ended: ({ state }) => void told.push(`ended ${state}`),
    storeFailed: () => void told.push('store failed'),
    inDoubt: () => void told.push('in doubt'),
    dropped: () => void told.push('dropped'),
  })
  runner.start()
  return { runner, clock, told }
}

const { step } = machine({})

describe('a session whose machine throws', () => {
  it.each<[string, Partial<Machine>]>([
    [
      'in a step',
      { step: (state, event) => (event.type === 'go' ? nothing() : step(state, event)) },
    ],
    ['while a change is put into writes', { prepare: nothing }],
  ])('%s ends as FAILED, and nothing of it goes on', async (_where, changes) => {
    const { runner, clock, told } = running(changes)
    runner.dispatch({ type: 'go' })
    await settle()
    expect(told).toEqual(['FAILED', 'ended FAILED'])
    expect(clock.timers).toBe(0)
  })

  it('when an effect is begun ends as FAILED', async () => {
    const { runner, clock, told } = running({ perform: nothing })
    runner.dispatch({ type: 'go' })
    await settle()
    expect(told).toEqual(['READING_REQUEST', 'FAILED', 'ended FAILED'])
    expect(clock.timers).toBe(0)
  })

  it('again when it is told so ends without a word', () => {
    const { runner, clock, told } = running({ step: nothing })
    runner.dispatch({ type: 'go' })
    expect(told).toEqual(['store failed'])
    expect(clock.timers).toBe(0)
    runner.dispatch({ type: 'go' })
    expect(told).toEqual(['store failed'])
  })

  it('when what was written is told of ends without a word', async () => {
    const facts = machine({}).facts
    const { runner, clock, told } = running({
      facts: (state) => (state.name === 'READING_REQUEST' ? nothing() : facts(state)),
    })
    runner.dispatch({ type: 'go' })
    await settle()
    expect(told).toEqual(['store failed'])
    expect(clock.timers).toBe(0)
  })
})
