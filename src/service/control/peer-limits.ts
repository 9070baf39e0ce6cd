import type { DataDirectory } from '../../store/directory/data-directory.ts'
import type { Store } from '../../store/transaction/store.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import { askListener } from './control-client.ts'
import type { ControlResults } from './control-protocol.ts'

type PeerLimits = ControlResults['limits']

/**
 * Asks the running listener what a peer may still do.
 * @returns undefined if none is running: limits are counted in its memory
 * @throws ControlError
 */
export function peerLimits(
  directory: DataDirectory,
  peerId: string,
): Promise<PeerLimits | undefined> {
  return askListener(directory, 'limits', { peerId, reset: false })
}

/**
 * Has the running listener forget what a peer has used up, and records who wanted that.
 * @returns undefined if none is running; then nothing is recorded
 * @throws ControlError, StoreError
 */
export async function resetPeerLimits(
  directory: DataDirectory,
  store: Store,
  peerId: string,
  operator: Operator,
): Promise<PeerLimits | undefined> {
  const limits = await askListener(directory, 'limits', { peerId, reset: true })
  if (limits === undefined) return undefined
  await store.write(({ audit }) =>
    audit.append(operatorRecord('limits reset', { peerId }, {}, operator)),
  )
  return limits
}
