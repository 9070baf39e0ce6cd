import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AuditRecordInvalidError } from '../../../src/audit/errors.ts'
import { parseRecord } from '../../../src/audit/record/parse-record.ts'
import type { AuditRecord } from '../../../src/audit/record/record.ts'
import { recordText } from '../../../src/audit/record/record-text.ts'
import { canonicalJson } from '../../../src/protocol/json/canonical-json.ts'
import { anyRecord, transitionDraft } from '../../support/audit/drafts.ts'

const record: AuditRecord = { ...transitionDraft(0), v: 2, seq: 1 }

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
    ['monotonic', { ...record, monotonic: Number.POSITIVE_INFINITY }],
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
    ['another order', `{"v":2,${text.slice(1).replace(',"v":2', '')}`],
    ['an unknown field', text.replace('"v":2', '"u":1,"v":2')],
    ['a name twice', text.replace('"v":2', '"v":2,"v":2')],
    ['an escape that is not needed', text.replace('state', '\\u0073tate')],
    ['a number written otherwise', text.replace('1234.5', '1234.50')],
    ['half a character', text.replace('READING_REQUEST', '\\ud800')],
    ['a newer version', text.replace('"v":2', '"v":3')],
    ['no data', text.replace(/"data":\{[^}]*\},/, '')],
    ['a list for data', text.replace(/"data":\{[^}]*\}/, '"data":[]')],
    ['a type nobody knows', text.replace('"state"', '"stat"')],
    ['a severity nobody knows', text.replace('"info"', '"fatal"')],
    ['an id that is a number', text.replace('"t-19c2"', '5')],
    ['a number that is text', text.replace('1234.5', '"1234.5"')],
    ['an inherited name', text.replace('"v":2', '"__proto__":{"v":2}')],
    ['the name that version 1 had', text.replace('"monotonic"', '"mono"')],
    ['both names', text.replace('"monotonic"', '"mono":1,"monotonic"')],
    ['version 1 and its later name', text.replace('"v":2', '"v":1')],
    ['no JSON', text.slice(0, -1)],
    ['no object', '[]'],
    ['nothing', ''],
  ])('with %s is refused', (_what, changed) => {
    expect(changed).not.toBe(text)
    expect(() => parseRecord(changed)).toThrow(AuditRecordInvalidError)
  })

  it('of version 1 gives the same fields, and its own bytes again', () => {
    const old = text.replace('"v":2', '"v":1').replace('"monotonic"', '"mono"')
    expect(parseRecord(old)).toEqual({ ...record, v: 1 })
    expect(recordText(parseRecord(old))).toBe(old)
    const both = old.replace('"mono"', '"mono":1,"monotonic"')
    expect(() => parseRecord(both)).toThrow(AuditRecordInvalidError)
  })
})
