import { LOCK_PATIENCE_MS, takeProcessLock } from '../../store/directory/process-lock.ts'
import { runningStatus } from '../control/control-client.ts'
import { ListenerRunningError } from '../errors.ts'
import {
  lookAtUnfinished,
  type RecoverAllPorts,
  type RecoveryReport,
  recoverAll,
} from '../listener/recovery.ts'
import { noteCommand } from '../record/note-command.ts'
import type { Operator } from '../record/operator.ts'

/**
 * Recovers on an operator's order, while nobody listens; a dry run looks beside a listener, too, at all but the sessions.
 * @throws ListenerRunningError: a running listener's open sessions are under way and not left over; StoreError
 */
export async function recoverStopped(
  ports: RecoverAllPorts,
  dryRun: boolean,
  operator?: Operator,
): Promise<RecoveryReport> {
  const { directory } = ports
  const lock = takeProcessLock(directory.lockFile, LOCK_PATIENCE_MS)
  if (lock === undefined) {
    if (dryRun) return { sessions: [], things: await lookAtUnfinished(ports) }
    const other = await runningStatus(directory)
    throw new ListenerRunningError(directory.path, other?.pid)
  }
  try {
    const report = await recoverAll(ports, dryRun)
    const closed = report.sessions.length
    if (!dryRun) await noteCommand(ports.store, 'recover', {}, { closed }, operator)
    return report
  } finally {
    lock.release()
  }
}
