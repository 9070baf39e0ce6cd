import type { Store } from '../../store/transaction/store.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { pausedRecord } from './invitation-records.ts'

/**
 * Has an invitation give nothing new for now, or give uses again. Sessions under way end as they would, and whoever has
 * an answer gets it again.
 * @returns false if it is so already; then nothing was changed or recorded
 * @throws StoreError
 */
export function pauseInvitation(
  store: Store,
  id: string,
  isPaused: boolean,
  operator?: Operator,
): Promise<boolean> {
  return store.write(({ tokens, audit }) => {
    const isNew = isPaused ? tokens.pause(id, Date.now()) : tokens.resume(id)
    if (!isNew) return false
    const command = isPaused ? 'token pause' : 'token resume'
    audit.append(pausedRecord(id, isPaused))
    audit.append(operatorRecord(command, { tokenId: id }, {}, operator))
    return true
  })
}
