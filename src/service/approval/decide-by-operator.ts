import { compact } from '../../protocol/base/compact.ts'
import {
  type DecidePorts,
  decideRequest,
  type Verdict,
} from '../../session/approval/decide-request.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import type { PendingRequest } from '../../session/ports/uses/pending-request.ts'
import { askListener, type ListenerPlace } from '../control/control-client.ts'
import type { ControlRequestOf } from '../control/control-protocol.ts'
import { type Decided, decidedOf } from '../control/decided.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'

export type Order = ControlRequestOf<'decide'>

/** The surroundings of a yes or no that no listener gives. */
export type DecidePlace = Omit<DecidePorts, 'running'> & {
  readonly directory: ListenerPlace
}

/** Without a listener no session is under way. */
const NOBODY: ReadonlySet<string> = new Set()

/**
 * Says yes or no to a request: by the running listener, which tells those who follow it, or in the store if none runs.
 * @throws StoreError, ControlError
 */
export async function decideByOperator(
  { directory, ...ports }: DecidePlace,
  { id, peerId, tokenId }: Pick<PendingRequest, 'id' | 'peerId' | 'tokenId'>,
  verdict: Verdict,
  operator: Operator,
): Promise<Decided> {
  const order = { id, peerId, tokenId, ...verdict, operator }
  const answer = await askListener(directory, 'decide', order)
  if (answer !== undefined) return answer
  const record = recordOf({ ...order, operator })
  return decidedOf(await decideRequest({ ...ports, running: NOBODY }, id, verdict, record))
}

/** Does what a command has asked the running listener for. @throws StoreError */
export async function obeyDecision(manager: SessionCore, order: Order): Promise<Decided> {
  const { id, says, reason } = order
  const verdict: Verdict = says === 'yes' ? { says } : compact({ says, reason })
  return decidedOf(await manager.operator.decideRequest(id, verdict, recordOf(order)))
}

function recordOf({ id, says, peerId, tokenId, operator }: Order) {
  const command = says === 'yes' ? 'sessions approve' : 'sessions deny'
  return operatorRecord(command, { peerId, tokenId }, { session: id }, compact(operator))
}
