import { compact } from '../../protocol/base/compact.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import { operatorRecord } from '../record/operator.ts'
import type { ReapOrder, ReapReport } from './reap-order.ts'

/**
 * Reaps in this process, which knows what is under way in it.
 * @throws RangeError for offers that may still be on their way; StoreError
 */
export async function obeyOrder(
  manager: SessionCore,
  { operator, reason, ...what }: ReapOrder,
): Promise<ReapReport> {
  const policies = await manager.reap({
    ...what,
    record: (policy, reaped) =>
      operatorRecord('reap', {}, { policy, reaped, ...compact({ reason }) }, operator),
  })
  return { policies }
}
