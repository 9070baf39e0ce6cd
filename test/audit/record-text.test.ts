import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRecord } from '../../src/audit/parse-record.ts'
import type { AuditRecord } from '../../src/audit/record.ts'
import { AuditRecordInvalidError } from '../../src/audit/record-invalid-error.ts'
import { recordText } from '../../src/audit/record-text.ts'
import { canonicalJson } from '../../src/protocol/canonical-json.ts'
import { anyDraft, transitionDraft } from './drafts.ts'

const anyRecord: fc.Arbitrary<AuditRecord> = fc
  .tuple(anyDraft, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }))
  .map(([draft, seq]) => ({ ...draft, v: 1, seq }))

const record: AuditRecord = { ...transitionDraft(0), v: 1, seq: 1 }

describe('the text of a record', () => {
  it('is its canonical JSON, whatever is in it', () => {
    fc.assert(
      fc.property(anyRecord, (any) => {
        expect(recordText(any)).toBe(canonicalJson({ ...any }))
      }),
    )
  })

  it('reads back as the same record', () => {
    fc.assert(
      fc.property(anyRecord, (any) => {
        expect(recordText(parseRecord(recordText(any)))).toBe(recordText(any))
        expect(JSON.parse(recordText(any))).toEqual(
          JSON.parse(JSON.stringify(parseRecord(recordText(any)))),
        )
      }),
    )
  })

  it.each([
    ['at', { ...record, at: 1.5 }],
    ['at', { ...record, at: Number.NaN }],
    ['mono', { ...record, mono: Number.POSITIVE_INFINITY }],
    ['seq', { ...record, seq: 2 ** 53 }],
    ['peerId', { ...record, peerId: 'half \ud800' }],
  ])('is refused when %s can not be written down', (field, broken) => {
    expect(() => recordText(broken)).toThrow(expect.objectContaining({ field }))
  })

  it('is refused when data holds half a character', () => {
    expect(() => recordText({ ...record, data: { text: '\udc00' } })).toThrow()
  })
})

describe('reading a record', () => {
  const text = recordText(record)

  it.each([
    ['a space more', text.replace(',', ', ')],
    ['another order', `{"v":1,${text.slice(1).replace(',"v":1', '')}`],
    ['an unknown field', text.replace('"v":1', '"u":1,"v":1')],
    ['a name twice', text.replace('"v":1', '"v":1,"v":1')],
    ['an escape that is not needed', text.replace('state', '\\u0073tate')],
    ['a number written otherwise', text.replace('1234.5', '1234.50')],
    ['half a character', text.replace('READING_REQUEST', '\\ud800')],
    ['a newer version', text.replace('"v":1', '"v":2')],
    ['no data', text.replace(/"data":\{[^}]*\},/, '')],
    ['a list for data', text.replace(/"data":\{[^}]*\}/, '"data":[]')],
    ['a type nobody knows', text.replace('"state"', '"stat"')],
    ['a severity nobody knows', text.replace('"info"', '"fatal"')],
    ['an id that is a number', text.replace('"t-19c2"', '5')],
    ['a number that is text', text.replace('1234.5', '"1234.5"')],
    ['an inherited name', text.replace('"v":1', '"__proto__":{"v":1}')],
    ['no JSON', text.slice(0, -1)],
    ['no object', '[]'],
    ['nothing', ''],
  ])('with %s is refused', (_what, changed) => {
    expect(changed).not.toBe(text)
    expect(() => parseRecord(changed)).toThrow(AuditRecordInvalidError)
  })
})
