import type { SessionStore } from '../../session/ports/store.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import { noteCommand } from '../record/note-command.ts'
import type { Operator } from '../record/operator.ts'
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
  store: Pick<SessionStore, 'submit'>,
  peerId: string,
  operator: Operator,
): Promise<PeerLimits | undefined> {
  const limits = await askListener(directory, 'limits', { peerId, reset: true })
  if (limits === undefined) return undefined
  await noteCommand(store, 'limits reset', { peerId }, {}, operator)
  return limits
}
