import { compact } from '../../protocol/base/compact.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import type { Store } from '../../store/transaction/store.ts'
import { releaseClaim } from '../../store/work/drop-request.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import type { SessionSummary } from '../sessions/session-history.ts'
import { askListener } from './control-client.ts'

/** The part that was cancelled. `nothing`: the session was over, and held nothing any more. */
export type Cancelled = 'session' | 'reservation' | 'nothing'

/**
 * Ends a session that is under way in the running listener, or gives back the use that an ended one still holds.
 * Committed uses stay: the peer may hold the answer.
 * @throws StoreError, ControlError
 */
export async function cancelByOperator(
  directory: DataDirectory,
  store: Store,
  session: SessionSummary,
  operator?: Operator,
): Promise<Cancelled> {
  const sessionId = session.id
  const answer = await askListener(directory, 'cancel', { sessionId })
  if (answer?.cancelled === true) {
    await store.write(({ audit }) => audit.append(record(session, operator)))
    return 'session'
  }
  const released = session.side === 'listener' && (await release(store, session, operator))
  return released ? 'reservation' : 'nothing'
}

function release(
  store: Store,
  session: SessionSummary,
  operator: Operator | undefined,
): Promise<boolean> {
  const { id, redemptionId } = session
  if (redemptionId === undefined) return Promise.resolve(false)
  const now = Date.now()
  const reason = 'cancelled by the operator'
  return store.write((tables) => {
    const standing = tables.redemptions.standing(redemptionId)
    // A later session may have gone on with the use: then that one holds it, and may be under way.
    if (standing?.sessionId !== id) return false
    if (!releaseClaim(tables, standing.claim, reason, now)) return false
    tables.audit.append(record(session, operator))
    return true
  })
}

function record({ id, tokenId }: SessionSummary, operator: Operator | undefined) {
  return operatorRecord('sessions cancel', compact({ tokenId }), { session: id }, operator)
}
