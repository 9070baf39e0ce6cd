import type { Store } from '../../store/transaction/store.ts'
import type { AuditEntry } from '../trail/audit-entry.ts'
import { queryTrail } from '../trail/query-trail.ts'

/** Records of one invitation that are told: a standing one has some for each of its uses, for ever. */
const MAX_LIFECYCLE = 1_000

/** The life of an invitation, the newest of it, oldest first: issued, reserved, committed, released, revoked … */
export function invitationHistory(store: Store, id: string): readonly AuditEntry[] {
  return [...queryTrail(store, { tokenId: id, limit: MAX_LIFECYCLE })]
    .map(({ entry }) => entry)
    .filter(({ tokenId }) => tokenId === id)
}
