import type { AuditDraft } from '../../audit/record/record.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { TokenToIssue } from '../../store/ledger/tokens.ts'

type Data = Readonly<Record<string, JsonValue>>

/** Label and terms stay out: they may name people. */
export function issuedRecord(token: TokenToIssue, data: Data = {}): AuditDraft {
  const { id, role, uses, expiresAt, required } = token
  return record(id, { event: 'issued', role, uses, expiresAt, required, ...data })
}

export function revokedRecord(tokenId: string, data: Data = {}): AuditDraft {
  return record(tokenId, { event: 'revoked', ...data })
}

export function pausedRecord(tokenId: string, isPaused: boolean): AuditDraft {
  return record(tokenId, { event: isPaused ? 'paused' : 'resumed' })
}

function record(tokenId: string, data: Data): AuditDraft {
  return {
    type: 'token',
    severity: 'info',
    at: Date.now(),
    monotonic: performance.now(),
    tokenId,
    data,
  }
}
