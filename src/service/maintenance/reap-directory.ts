import type { SessionHooks } from '../../hooks/session-hooks.ts'
import type { ForwardOnlyClock } from '../../session/clock/forward-only-clock.ts'
import { SessionCore } from '../../session/manager/session-core.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import { LOCK_PATIENCE_MS, takeProcessLock } from '../../store/directory/process-lock.ts'
import { isProcessGone, takeProcessName } from '../../store/directory/process-name.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { askListener } from '../control/control-client.ts'
import { ListenerRunningError } from '../errors.ts'
import { obeyOrder } from '../reaping/obey-order.ts'
import type { ReapOrder, ReapReport } from '../reaping/reap-order.ts'

export interface ReapDirectoryPorts {
  readonly directory: DataDirectory
  readonly store: SessionStore & Pick<RecordStore, 'nodes'>
  /** Called only if it is done here. */
  hooks(): Promise<SessionHooks>
  readonly clock: ForwardOnlyClock
}

/**
 * Reaps a data directory: the running listener does it, if there is one, because only it knows what is under way in
 * it. Otherwise it is done here, and no listener can start meanwhile.
 * @throws ControlError, ListenerRunningError if a listener runs and does not answer; RangeError, StoreError
 */
export async function reapDirectory(
  ports: ReapDirectoryPorts,
  order: ReapOrder,
): Promise<ReapReport> {
  const { directory } = ports
  const lock = takeProcessLock(directory.lockFile, LOCK_PATIENCE_MS)
  if (lock === undefined) {
    const report = await askListener(directory, 'reap', toRequest(order))
    if (report === undefined) throw new ListenerRunningError(directory.path, undefined)
    return report
  }
  try {
    return await reapHere(ports, order)
  } finally {
    lock.release()
  }
}

function toRequest({ policies, filter, operator, ...rest }: ReapOrder) {
  return { ...rest, policies: [...policies], filter: { ...filter }, operator: { ...operator } }
}

async function reapHere(
  { directory, store, hooks, clock }: ReapDirectoryPorts,
  order: ReapOrder,
): Promise<ReapReport> {
  const nobody = { peerId: '', identity: {}, cadre: [] }
  const opened = await hooks()
  const name = takeProcessName(directory)
  const isGone = (process: string) => isProcessGone(directory, process, store.nodes !== undefined)
  const known = { processId: name.id, isGone }
  const manager = new SessionCore(opened, {}, { store, clock, party: () => nobody, ...known })
  const failures: unknown[] = []
  manager.on('storeFailed', (error) => failures.push(error))
  try {
    const report = await obeyOrder(manager, order)
    await manager.drain(0)
    if (failures.length > 0) throw failures[0]
    return report
  } finally {
    name.release()
  }
}
