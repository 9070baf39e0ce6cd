import { appendAudit } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tokenRecords } from '../../store/records/token-records.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { revokedRecord } from './invitation-records.ts'

/**
 * Takes an invitation back. Committed uses stay, sessions under way may finish.
 * @returns false if it was revoked before; then nothing was changed or recorded
 * @throws StoreError
 */
export function revokeInvitation(
  store: RecordStore,
  id: string,
  operator?: Operator,
): Promise<boolean> {
  const revokedAt = Date.now()
  return store.transact(function* () {
    if (!(yield* tokenRecords.revoke(id, revokedAt))) return false
    yield* appendAudit(revokedRecord(id))
    yield* appendAudit(operatorRecord('token revoke', { tokenId: id }, {}, operator))
    return true
  })
}
