import type { Store } from '../../store/store.ts'
import { type AuditEntry, auditEntry } from '../trail/audit-entry.ts'

/** The life of an invitation, oldest first: issued, reserved, committed, released, revoked … */
export function invitationHistory(store: Store, id: string): readonly AuditEntry[] {
  return store
    .read(({ audit }) => audit.ofToken(id).map(auditEntry))
    .filter(({ tokenId }) => tokenId === id)
}
