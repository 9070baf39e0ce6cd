import { compact } from '../../protocol/base/compact.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import { recorded } from '../../session/ports/written.ts'
import { releaseHeldUse } from '../../session/upkeep/release-held-use.ts'
import { currentOperator, type Operator, operatorRecord } from '../record/operator.ts'
import type { SessionSummary } from '../sessions/session-history.ts'
import type { CommandPlace } from './command-place.ts'
import { askListener } from './control-client.ts'
import type { ControlRequestOf } from './control-protocol.ts'

/** The part that was cancelled. `nothing`: the session was over, and held nothing any more. */
export type Cancelled = 'session' | 'reservation' | 'nothing'

type ReleaseOrder = ControlRequestOf<'release'>

/**
 * Ends a session that is under way in the running listener, or gives back the use that an ended one still holds: by the
 * listener, which tells those who follow it, or in the store if none runs.
 * @throws StoreError, ControlError
 */
export async function cancelByOperator(
  { directory, ...ports }: CommandPlace,
  session: SessionSummary,
  operator: Operator = currentOperator(),
): Promise<Cancelled> {
  const { id: sessionId, redemptionId, side, tokenId } = session
  const about = compact({ sessionId, tokenId, operator })
  const answer = await askListener(directory, 'cancel', { sessionId })
  if (answer?.cancelled === true) {
    await recorded(ports.store, recordOf(about))
    return 'session'
  }
  if (side !== 'listener' || redemptionId === undefined) return 'nothing'
  const order = { ...about, redemptionId }
  const released = await askListener(directory, 'release', order)
  const isReleased =
    released?.isReleased ?? (await releaseHeldUse(ports, order, recordOf(order))) !== undefined
  return isReleased ? 'reservation' : 'nothing'
}

/** Does what a command has asked the running listener for. @throws StoreError */
export async function obeyRelease(
  manager: SessionCore,
  order: ReleaseOrder,
): Promise<{ readonly isReleased: boolean }> {
  return { isReleased: await manager.operator.releaseHeldUse(order, recordOf(order)) }
}

function recordOf({ sessionId, tokenId, operator }: Omit<ReleaseOrder, 'redemptionId'>) {
  const about = compact({ tokenId })
  return operatorRecord('sessions cancel', about, { session: sessionId }, compact(operator))
}
