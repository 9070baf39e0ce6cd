import type { RecordStore } from '../../store/query/record-store.ts'
import type { AuditEntry } from '../trail/audit-entry.ts'
import { queryTrail } from '../trail/query-trail.ts'

/** Records of one invitation that are told: a standing one has some for each of its uses, for ever. */
const MAX_LIFECYCLE = 1_000

/** The life of an invitation, the newest of it, oldest first: issued, reserved, committed, released, revoked … */
export async function invitationHistory(
  store: Pick<RecordStore, 'query'>,
  id: string,
): Promise<readonly AuditEntry[]> {
  const history: AuditEntry[] = []
  for await (const { entry } of queryTrail(store, { tokenId: id, limit: MAX_LIFECYCLE })) {
    if (entry.tokenId === id) history.push(entry)
  }
  return history
}
