import { operatorRecord } from '../../../src/service/record/operator.ts'
import type { Decision, PendingRequest } from '../../../src/session/ports/uses/pending-request.ts'
import { pendingRequestRecords } from '../../../src/store/records/pending-request-records.ts'
import { readNow } from '../store/read-now.ts'
import type { TestNode } from './world.ts'

/** The requests that the inviter has yet to say yes or no to, or whose peer has yet to come. */
export function waiting({ store, clock }: TestNode): readonly PendingRequest[] {
  return readNow(store, () => pendingRequestRecords.list(clock.now(), 100_000))
}

/** The id of that peer's request. @throws TypeError if it has none */
export function waitingFor(inviter: TestNode, peer: TestNode): string {
  const found = waiting(inviter).find(({ peerId }) => peerId === peer.peerId)
  if (found === undefined) throw new TypeError('nothing waits for it')
  return found.id
}

/** Says the inviter's word. */
export function decide(
  inviter: TestNode,
  id: string,
  says: 'yes' | 'no',
  reason?: string,
): Promise<Decision> {
  const record = operatorRecord(says === 'yes' ? 'sessions approve' : 'sessions deny', {})
  const verdict = says === 'yes' ? { says } : { says, ...(reason === undefined ? {} : { reason }) }
  return inviter.manager.operator.decideRequest(id, verdict, record)
}
