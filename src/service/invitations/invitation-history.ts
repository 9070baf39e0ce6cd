import type { Store } from '../../store/transaction/store.ts'
import type { AuditEntry } from '../trail/audit-entry.ts'
import { queryTrail } from '../trail/query-trail.ts'

/** The life of an invitation, oldest first: issued, reserved, committed, released, revoked … */
export function invitationHistory(store: Store, id: string): readonly AuditEntry[] {
  return [...queryTrail(store, { tokenId: id })]
    .map(({ entry }) => entry)
    .filter(({ tokenId }) => tokenId === id)
}
