import type { SessionManager } from '../../session/session-manager.ts'
import type { DataDirectory } from '../../store/data-directory.ts'
import { isProcessGone } from '../../store/process-name.ts'
import { operatorRecord } from '../operator.ts'
import type { ReapOrder, ReapReport } from './reap-order.ts'

/**
 * Do it in this process, which knows what is under way in it.
 * @throws RangeError for offers that may still be on their way; StoreError
 */
export async function obeyOrder(
  manager: SessionManager,
  directory: DataDirectory,
  { operator, reason, ...wish }: ReapOrder,
): Promise<ReapReport> {
  const why = reason === undefined ? {} : { reason }
  const policies = await manager.reap({
    ...wish,
    isGone: (process) => isProcessGone(directory, process),
    record: (policy, reaped) => operatorRecord('reap', {}, { policy, reaped, ...why }, operator),
  })
  return { policies }
}
