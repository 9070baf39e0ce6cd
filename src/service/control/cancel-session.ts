import { compact } from '../../protocol/base/compact.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import { answered, recorded } from '../../session/ports/written.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { redemptionRecords } from '../../store/records/redemption-records.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import type { SessionSummary } from '../sessions/session-history.ts'
import { askListener } from './control-client.ts'

/** The part that was cancelled. `nothing`: the session was over, and held nothing any more. */
export type Cancelled = 'session' | 'reservation' | 'nothing'

type CancelStore = Pick<RecordStore, 'query'> & Pick<SessionStore, 'submit'>

/**
 * Ends a session that is under way in the running listener, or gives back the use that an ended one still holds.
 * Committed uses stay: the peer may hold the answer.
 * @throws StoreError, ControlError
 */
export async function cancelByOperator(
  directory: DataDirectory,
  store: CancelStore,
  session: SessionSummary,
  operator?: Operator,
): Promise<Cancelled> {
  const sessionId = session.id
  const answer = await askListener(directory, 'cancel', { sessionId })
  if (answer?.cancelled === true) {
    await recorded(store, record(session, operator))
    return 'session'
  }
  const released = session.side === 'listener' && (await release(store, session, operator))
  return released ? 'reservation' : 'nothing'
}

async function release(
  store: CancelStore,
  session: SessionSummary,
  operator: Operator | undefined,
): Promise<boolean> {
  const { id: sessionId, redemptionId, peerId } = session
  if (redemptionId === undefined) return false
  const standing = await store.query(() => redemptionRecords.standing(redemptionId))
  // A later session may have gone on with the use: then that one holds it, and may be under way.
  if (standing?.sessionId !== sessionId) return false
  const { claim, tokenId } = standing
  const own = record(session, operator)
  const { at, monotonic } = own
  const { isReleased } = await answered(store, 'release', {
    op: 'release',
    claim,
    tokenId,
    reason: 'cancelled by the operator',
    now: at,
    facts: { sessionId, peerId, at, monotonic },
    record: own,
  })
  return isReleased
}

function record({ id, tokenId }: SessionSummary, operator: Operator | undefined) {
  return operatorRecord('sessions cancel', compact({ tokenId }), { session: id }, operator)
}
