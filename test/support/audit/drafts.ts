import fc from 'fast-check'
import {
  AUDIT_SEVERITIES,
  AUDIT_TYPES,
  type AuditDraft,
  type AuditRecord,
} from '../../../src/audit/record/record.ts'
import type { JsonValue } from '../../../src/protocol/json/json-value.ts'

/** Text that has a UTF-8 form, control characters, quotes and astral characters among it. */
const text = fc.string({ unit: 'binary' })

const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))

const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    number,
    text,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(text, tie('json'), { maxKeys: 4 }),
  ),
}))

const jsonObject = fc.dictionary(text, json, { maxKeys: 5 })

/** Any draft that a writer may hand over. */
export const anyDraft: fc.Arbitrary<AuditDraft> = fc.record(
  {
    type: fc.constantFrom(...AUDIT_TYPES),
    severity: fc.constantFrom(...AUDIT_SEVERITIES),
    at: fc.maxSafeNat(),
    monotonic: fc.double({ min: 0, max: 1e12, noNaN: true }),
    data: jsonObject,
    sessionId: text,
    redemptionId: text,
    tokenId: text,
    peerId: text,
  },
  { requiredKeys: ['type', 'severity', 'at', 'monotonic', 'data'] },
)

/** Any draft in its place. */
export const anyRecord: fc.Arbitrary<AuditRecord> = fc
  .tuple(anyDraft, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }))
  .map(([draft, seq]) => ({ ...draft, v: 2, seq }))

/** The draft that a session's transition would make. */
export function transitionDraft(n: number): AuditDraft {
  return {
    type: 'state',
    severity: 'info',
    at: 1_780_000_000_000 + n,
    monotonic: 1234.5 + n,
    sessionId: `s${n}`,
    redemptionId: 'r-7f3a',
    tokenId: 't-19c2',
    peerId: '12D3KooWSzXPRmKbYdoLhL6M8uCM3rXf3kWfpcFp',
    data: { from: 'READING_REQUEST', to: 'VALIDATING_TOKEN', ms: n % 17 },
  }
}
