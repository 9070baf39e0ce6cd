import type { AuditDraft } from '../../audit/record/record.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'

/** A record of what happened to the service itself. */
export function lifecycleRecord(
  event: string,
  data: Readonly<Record<string, JsonValue>>,
): AuditDraft {
  return {
    type: 'lifecycle',
    severity: 'info',
    at: Date.now(),
    monotonic: performance.now(),
    data: { event, ...data },
  }
}
