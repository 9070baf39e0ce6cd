import { appendAudit } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tokenRecords } from '../../store/records/token-records.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { pausedRecord } from './invitation-records.ts'

/**
 * Has an invitation give nothing new for now, or give uses again. Sessions under way end as they would, and whoever has
 * an answer gets it again.
 * @returns false if it is so already; then nothing was changed or recorded
 * @throws StoreError
 */
export function pauseInvitation(
  store: RecordStore,
  id: string,
  isPaused: boolean,
  operator?: Operator,
): Promise<boolean> {
  const pausedAt = Date.now()
  return store.transact(function* () {
    const isNew = yield* isPaused ? tokenRecords.pause(id, pausedAt) : tokenRecords.resume(id)
    if (!isNew) return false
    const command = isPaused ? 'token pause' : 'token resume'
    yield* appendAudit(pausedRecord(id, isPaused))
    yield* appendAudit(operatorRecord(command, { tokenId: id }, {}, operator))
    return true
  })
}
