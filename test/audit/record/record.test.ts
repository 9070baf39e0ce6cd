import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseRecord } from '../../../src/audit/record/parse-record.ts'
import {
  AUDIT_SEVERITIES,
  AUDIT_TYPES,
  type AuditRecord,
} from '../../../src/audit/record/record.ts'
import { recordText } from '../../../src/audit/record/record-text.ts'
import { auditDocument } from '../../../src/cli/text/audit-text.ts'
import { anyRecord } from '../../support/audit/drafts.ts'

const path = join(import.meta.dirname, '../../../docs/schemas/audit-record.schema.json')
const schema = JSON.parse(readFileSync(path, 'utf8'))
const stored = z.fromJSONSchema({ ...schema.$defs.stored, properties: storedProperties() })
const shown = z.fromJSONSchema(schema)

/** The references point to the outer document. */
function storedProperties(): Record<string, unknown> {
  const { type, severity } = schema.properties
  return { ...schema.$defs.stored.properties, type, severity }
}

/** Fails to compile when the type gets a field or loses one. */
const FIELDS = {
  v: 'required',
  seq: 'required',
  at: 'required',
  monotonic: 'required',
  type: 'required',
  severity: 'required',
  sessionId: 'optional',
  redemptionId: 'optional',
  tokenId: 'optional',
  peerId: 'optional',
  data: 'required',
} satisfies {
  [Field in keyof AuditRecord]-?: undefined extends AuditRecord[Field] ? 'optional' : 'required'
}

describe('the published schema of audit records', () => {
  it.each([
    ['shown', schema],
    ['stored', schema.$defs.stored],
  ])('has the fields of the type, %s', (_form, { properties, required }) => {
    expect(Object.keys(properties).sort()).toEqual(Object.keys(FIELDS).sort())
    const needed = Object.entries(FIELDS).flatMap(([name, kind]) =>
      kind === 'required' ? [name] : [],
    )
    expect([...required].sort()).toEqual(needed.sort())
  })

  it('has the types and severities there are', () => {
    expect(schema.properties.type.enum).toEqual([...AUDIT_TYPES])
    expect(schema.properties.severity.enum).toEqual([...AUDIT_SEVERITIES])
  })

  it('takes every record that can be written, as it is stored and as it is shown', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const read = parseRecord(recordText(record))
        expect(stored.safeParse(JSON.parse(recordText(record)))).toMatchObject({ success: true })
        const at = read.at % 8.64e15
        expect(shown.safeParse(auditDocument({ ...read, at }))).toMatchObject({ success: true })
      }),
    )
  })

  it.each([
    ['no number', { seq: undefined }],
    ['number 0', { seq: 0 }],
    ['a version to come', { v: 3 }],
    ['half a millisecond', { at: 1.5 }],
    ['a type nobody knows', { type: 'stat' }],
    ['an empty place for an id', { peerId: null }],
    ['a list for data', { data: [] }],
    ['the name that version 1 had', { mono: 1 }],
  ])('does not take a record with %s', (_what, change) => {
    const record = { v: 2, seq: 1, at: 0, monotonic: 0, type: 'state', severity: 'info', data: {} }
    expect(stored.safeParse(record).success).toBe(true)
    expect(stored.safeParse({ ...record, ...change }).success).toBe(false)
  })
})
