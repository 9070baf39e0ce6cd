import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { harmlessIn } from '../../../src/cli/dashboard/harmless-in.ts'
import { EMPTY_BOARD } from '../../../src/dashboard/board/board.ts'
import { foldEvents } from '../../../src/dashboard/board/fold.ts'
import { FIRST_UI } from '../../../src/dashboard/board/ui-state.ts'
import { frameLines } from '../../../src/dashboard/lines/frame.ts'
import { UTF8_GLYPHS } from '../../../src/dashboard/text/glyphs.ts'
import type { FeedFact } from '../../../src/service/feed/event-feed-event.ts'
import { FEED_WORDS } from '../../../src/service/feed/feed-words.ts'
import { moved, ready, stamped, T0 } from '../../dashboard/scenario.ts'

/** Whatever moves a cursor, turns a direction, hides, or is half a character. */
const NASTY = fc.oneof(
  fc.constantFrom(
    '\u001b[2J',
    '\u001b]0;owned\u0007',
    '\u009b31m',
    '\r\n',
    '\u202e',
    '\u2066',
    '\u200b',
    '\u{e0041}',
    '\ud800',
    '\u0000',
    '\u2028',
    `a${'\u0301'.repeat(50)}`,
    '\u001bP+q\u001b\\',
    '\b\b\b',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const FOREIGN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

function eventsWith([
  a = '',
  b = '',
  c = '',
  d = '',
  e = '',
]: readonly string[]): readonly FeedFact[] {
  return [
    ready(),
    moved(a, b, T0, { peerId: c, tokenId: d, remoteAddress: e, detail: a, reason: b }),
    moved(b, 'FAILED', T0, { peerId: a, step: c, reason: d, detail: e, tallyId: a }),
    { type: 'refused', peerId: a, code: b },
    { type: 'problem', detail: c },
    {
      type: 'audit',
      record: {
        v: 2,
        seq: 1,
        type: 'error',
        severity: 'info',
        at: T0,
        monotonic: 1,
        sessionId: d,
        data: { event: a, [b]: c, path: [d, e] },
      },
    },
    {
      type: 'tokens',
      more: 0,
      tokens: [{ id: d, label: e, role: 'stock', uses: 1, used: 0, reserved: 0, expiresAt: T0 }],
    },
    { type: 'stopped', reason: e, cut: 0 },
  ]
}

describe('what goes to the dashboard', () => {
  it('is harmless in the names of its fields too, beside harmless values', () => {
    const told = harmlessIn({ identity: { '\u001b[2J': 'Bob' }, list: [{ '\u202e': 1 }] })
    expect(told).toEqual({ identity: { '\\x1b[2J': 'Bob' }, list: [{ '\\u202e': 1 }] })
  })

  it('brings no foreign control character onto any screen, in whatever field it is', () => {
    fc.assert(
      fc.property(
        fc.array(NASTY, { minLength: 5, maxLength: 5 }),
        fc.constantFrom('sessions', 'details', 'tokens', 'help'),
        fc.boolean(),
        (texts, view, wide) => {
          const events = stamped(T0, ...eventsWith(texts)).map((event) => harmlessIn(event))
          const board = foldEvents(EMPTY_BOARD, events)
          const chosen = [...board.live.keys()][0]
          const details = harmlessIn({
            identity: { [texts[0] ?? '']: texts[1] ?? '' },
            transitions: [],
          })
          const scene = { board, ui: { ...FIRST_UI, view, wide, chosen }, note: undefined, details }
          const screen = {
            columns: 200,
            rows: 50,
            glyphs: UTF8_GLYPHS,
            now: T0,
            words: FEED_WORDS,
            isListeners: true,
          }
          const lines = frameLines(scene, screen)
          const text = lines.flatMap((line) => line.map((span) => span.text)).join('')
          expect(text).not.toMatch(FOREIGN)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('keeps numbers, nesting and harmless text as they are', () => {
    const value = { a: [1, 'plain ✓ 漢字', null, true], b: { c: undefined } }
    expect(harmlessIn(value)).toEqual(value)
  })

  it('copies nothing where there is nothing to make harmless', () => {
    const value = { a: [1, 'plain', null, true], b: { c: undefined, d: 'x' } }
    expect(harmlessIn(value)).toBe(value)
  })

  it('a field that is called like a trap stays a field', () => {
    const value: object = JSON.parse('{"__proto__":{"polluted":"\\u001b"}}')
    const done = harmlessIn(value)
    expect(Object.getPrototypeOf(done)).toBe(Object.prototype)
    expect(JSON.stringify(done)).toBe('{"__proto__":{"polluted":"\\\\x1b"}}')
  })
})
