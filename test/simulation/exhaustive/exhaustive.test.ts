import { describe, expect, it } from 'vitest'
import { DIALER_TABLE } from '../../../src/session/machine/dialer-table.ts'
import { LISTENER_TABLE } from '../../../src/session/machine/listener-table.ts'
import { alteredRow } from '../planted-bugs/planting.ts'
import { dueEnd, explore, heals } from './explore.ts'
import { type Budget, begin, RuleBrokenError } from './model.ts'

/** As much as a short test run bears; the long one goes further. */
const BUDGET: Budget = { dials: 2, crashes: 1, echoes: 0 }

/** A bound for a hang: the machine may be slow and shared. */
const TIMEOUT_MS = 240_000

const VARIANTS = [
  ...(['stock', 'foil'] as const).flatMap((role) =>
    [false, true].map((needsIdentity) => ({ role, needsIdentity, byHand: false })),
  ),
  // The inviter is asked first.
  { role: 'stock' as const, needsIdentity: true, byHand: true },
  { role: 'foil' as const, needsIdentity: false, byHand: true },
]

/** States that nobody stays in: a session begins in the first, and is forgotten in the others. */
const PASSING = ['CREATED', 'FAILED', 'TIMEOUT']

describe(
  'both tables, a stream that cuts, loses and repeats, and processes that die at every point',
  () => {
    const explored = VARIANTS.map(({ role, needsIdentity, byHand }) => ({
      role,
      needsIdentity,
      found: explore(begin(role, needsIdentity, BUDGET, byHand)),
    }))

    it('break no rule in any scene that can be reached', () => {
      // `explore` throws otherwise; this only makes sure that it was a walk.
      for (const { found } of explored) expect(found.scenes).toBeGreaterThan(4_000)
    })

    it('end, once nothing breaks any more, with the tally or with an honest no', () => {
      for (const { found } of explored) {
        for (const rest of found.rests) {
          const end = heals(rest)
          expect(end, JSON.stringify(rest)).not.toBe('stuck')
          const due = dueEnd(rest)
          if (due !== undefined) expect(end, JSON.stringify(rest)).toBe(due)
        }
      }
    })

    it('come through offers that are withdrawn, and never acknowledged after that', () => {
      const ends = explored
        .filter(({ role }) => role === 'stock')
        .flatMap(({ found }) => found.rests.filter(({ ledger }) => ledger.withdrawn))
        .map(({ book }) => book.status)
      expect(new Set(ends)).toEqual(new Set(['none', 'confirmed', 'withdrawn']))
    })

    it('come through every state', () => {
      const of = (side: 'inviterStates' | 'inviteeStates') =>
        new Set(explored.flatMap(({ found }) => [...found[side]]))
      const all = (table: object) => Object.keys(table).filter((name) => !PASSING.includes(name))
      expect(of('inviterStates')).toEqual(new Set(all(LISTENER_TABLE)))
      const stays = all(DIALER_TABLE).filter((name) => name !== 'COMPLETED')
      expect(of('inviteeStates')).toEqual(new Set(stays))
    })
  },
  TIMEOUT_MS,
)

describe('a table that is wrong', () => {
  const WRONG = [
    {
      what: 'completes before the receipt',
      role: 'foil',
      rule: /I4/,
      alter: () =>
        alteredRow(DIALER_TABLE.SENDING_RESULT, 'sent', () => (state) => ({
          state: { ...state, name: 'COMPLETED' },
          changes: [{ type: 'confirmTally', plan: state.plan, tallyId: state.built.tally.tallyId }],
          effects: [],
        })),
    },
    {
      what: 'throws away what is held',
      role: 'foil',
      rule: /I3|I4/,
      alter: () =>
        alteredRow(DIALER_TABLE.AWAITING_RECEIPT, 'stepDeadline', (original) => (state, event) => {
          const { plan, built } = state
          const discard = { type: 'discardTally', plan, tallyId: built.tally.tallyId } as const
          return { ...original(state, event), changes: [discard] }
        }),
    },
    {
      what: 'answers before it has committed',
      role: 'stock',
      rule: /I4/,
      alter: () =>
        alteredRow(LISTENER_TABLE.PROVISIONING_DB, 'provisioned', (original) => (state, event) => ({
          ...original(state, event),
          changes: [],
        })),
    },
    {
      what: 'leaves a final state',
      role: 'stock',
      rule: /I5/,
      alter: () =>
        alteredRow(LISTENER_TABLE.COMPLETED, 'streamClosed', () => ({ caller }) => {
          const failure = { reason: 'stream_lost', step: 'SENDING_RESPONSE' } as const
          return { state: { name: 'FAILED', caller, failure }, changes: [], effects: [] }
        }),
    },
  ] as const

  it.each(WRONG)(
    '$what: is found out',
    ({ role, rule, alter }) => {
      const undo = alter()
      try {
        expect(() => explore(begin(role, false, BUDGET))).toThrow(RuleBrokenError)
        expect(() => explore(begin(role, false, BUDGET))).toThrow(rule)
      } finally {
        undo()
      }
    },
    TIMEOUT_MS,
  )
})
