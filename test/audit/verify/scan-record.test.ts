import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRecord } from '../../../src/audit/record/parse-record.ts'
import type { AuditRecord } from '../../../src/audit/record/record.ts'
import { recordText } from '../../../src/audit/record/record-text.ts'
import { scanRecord } from '../../../src/audit/verify/scan-record.ts'
import { anyRecord, transitionDraft } from '../../support/audit/drafts.ts'

const RECORD: AuditRecord = { ...transitionDraft(3), v: 2, seq: 4 }

function parsed(text: string): object | undefined {
  try {
    const { seq, sessionId, tokenId, peerId } = parseRecord(text)
    return { seq, sessionId, tokenId, peerId }
  } catch {
    return undefined
  }
}

/** What is taken without parsing would be taken with it, and says the same. */
function expectSound(text: string): void {
  const keys = scanRecord(text)
  if (keys !== undefined) expect(parsed(text)).toEqual(keys)
}

const PIECES = fc.constantFrom(
  ...'{}[]",:-+.eE0123456789 \\aé\u0000\ud800',
  ...['-0', '1e21', '1e-7', '0.1', '1.0', '00', '"a":1', '"__proto__":1', ',"v":2', 'null', 'true'],
  ...['0.000001', '1e+21', '9007199254740993', '123456789.12345678', '\\u0041', ',"seq":4'],
)

/** One that is plain, with numbers of all kinds. */
const plainRecord = fc
  .record({
    name: fc.stringMatching(/^[a-z]{1,6}$/),
    other: fc.stringMatching(/^[ !#-[\]-~]{0,9}$/),
    number: fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.constantFrom(0, 1e21, 1e-7, 1e-6, 123456.789, 5e-324, 0.1 + 0.2),
    ),
    deep: fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme-ascii' }),
  })
  .map(({ name, other, number, deep }): AuditRecord => {
    const data = Object.fromEntries([
      [name, number],
      ['text', other],
      ['zz', JSON.parse(JSON.stringify(deep))],
    ])
    return { ...RECORD, monotonic: Math.abs(number), data }
  })

describe('scanning a record', () => {
  it('takes nothing that parsing would not take, and reads the same of it', () => {
    fc.assert(fc.property(anyRecord, (record) => expectSound(recordText(record))))
  })

  it('takes nothing that was changed in a way that parsing would find', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), PIECES), {
      minLength: 1,
      maxLength: 3,
    })
    fc.assert(
      fc.property(plainRecord, changes, (record, all) => {
        const text = all.reduce((before, [where, cut, piece]) => {
          const at = where % before.length
          return before.slice(0, at) + piece + before.slice(at + cut)
        }, recordText(record))
        expectSound(text)
      }),
      { numRuns: 3_000 },
    )
  })

  it('takes what is plain, whatever numbers are in it', () => {
    fc.assert(
      fc.property(plainRecord, (record) => {
        const text = recordText(record)
        if (!/[^ -[\]-~]/.test(text) && !text.includes('"__')) {
          expect(scanRecord(text)).toEqual(parsed(text))
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['names out of order', recordText(RECORD).replace(/"data":\{[^}]*\}/, '"data":{"b":1,"a":2}')],
    ['a name twice', recordText(RECORD).replace(/"data":\{[^}]*\}/, '"data":{"a":1,"a":2}')],
    ['a number with a zero too much', recordText(RECORD).replace('1237.5', '1237.50')],
    ['minus zero', recordText(RECORD).replace('1237.5', '-0')],
    ['a zero before a number', recordText(RECORD).replace('"seq":4', '"seq":04')],
    ['an exponent that is not needed', recordText(RECORD).replace('1237.5', '1e3')],
    ['a blank', recordText(RECORD).replace(',"v"', ' ,"v"')],
    ['an id that is none', recordText(RECORD).replace(/"peerId":"[^"]*"/, '"peerId":')],
    ['something behind it', `${recordText(RECORD)}{}`],
    ['another version', recordText(RECORD).replace('"v":2', '"v":3')],
    ['another type', recordText(RECORD).replace('"type":"state"', '"type":"stat"')],
  ])('leaves %s to who parses it', (_, text) => {
    expect(text).not.toBe(recordText(RECORD))
    expect(scanRecord(text)).toBeUndefined()
  })
})
