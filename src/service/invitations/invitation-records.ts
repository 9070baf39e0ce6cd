import type { AuditDraft } from '../../audit/record/record.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { IssuedToken, TokenToIssue } from '../../store/ledger/tokens.ts'
import type { TokenChanges } from '../../store/records/token-records.ts'

type Data = Readonly<Record<string, JsonValue>>

/** Label and terms stay out: they may name people. */
export function issuedRecord(token: TokenToIssue, data: Data = {}): AuditDraft {
  const { id, role, uses, expiresAt, required, byHand } = token
  const granted = compact({ role, uses, expiresAt, required, byHand })
  return record(id, { event: 'issued', ...granted, ...data })
}

export function revokedRecord(tokenId: string, data: Data = {}): AuditDraft {
  return record(tokenId, { event: 'revoked', ...data })
}

/** Says what has changed; of the new terms only the names of fields. */
export function updatedRecord(
  { id, revision, required, optional }: IssuedToken,
  { label, terms }: TokenChanges,
): AuditDraft {
  const changed = [...(terms ? ['terms'] : []), ...(label ? ['label'] : [])]
  return record(id, { event: 'updated', changed, revision, required, optional })
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
