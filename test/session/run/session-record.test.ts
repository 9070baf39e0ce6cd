import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JournalEntry } from '../../../src/session/ports/session-summary.ts'
import { SessionRecord } from '../../../src/session/run/session-record.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const FACTS = { id: 's', peerId: 'bob', state: 'COMPLETED' }

function record(clock: VirtualClock): SessionRecord {
  return new SessionRecord('listener', clock)
}

/** In parts of a microsecond, as a real clock has it. */
const pause = fc.double({ min: 0, max: 5_000, noNaN: true })
/** What happens after it: a move, something within a state, or a move that is taken back. */
const happening = fc.constantFrom('move' as const, 'stay' as const, 'undone' as const)

test('whatever happens, the steps sum up to the whole to the last microsecond', () => {
  const things = fc.array(fc.tuple(pause, happening), { maxLength: 30 })
  fc.assert(
    fc.property(things, (all) => {
      const clock = new VirtualClock()
      const told = record(clock)
      let at = 0
      for (const [ms, what] of all) {
        clock.advance(ms)
        const entry = told.note(`S${at}`, `S${what === 'stay' ? at : at + 1}`, {})
        if (what === 'undone') told.takeBack(entry)
        if (what === 'move') at += 1
      }
      clock.advance(0.5)
      told.note(`S${at}`, 'COMPLETED', {})
      const { steps = [], durationMs = -1 } = told.finalSummary(FACTS, undefined)
      expect(steps.map(({ state }) => state)).toEqual(
        Array.from({ length: at + 1 }, (_, index) => `S${index}`),
      )
      const sum = steps.reduce((sum, { ms }) => sum + Math.round(ms * 1_000), 0)
      expect(sum).toBe(Math.round(durationMs * 1_000))
      expect(Math.abs(durationMs - clock.monotonic())).toBeLessThan(0.002)
    }),
  )
})

test('what was taken back leaves no trace, and what was written is not written again', () => {
  const clock = new VirtualClock()
  const told = record(clock)
  const first = told.note('A', 'B', { type: 'sent' })
  told.takeBack(told.note('B', 'C', { type: 'sent' }))
  expect(told.unwritten).toEqual<readonly JournalEntry[]>([first])
  told.written()
  expect(told.unwritten).toEqual([])
  expect(told.note('B', 'COMPLETED', { type: 'sent' }).seq).toBe(2)
})
