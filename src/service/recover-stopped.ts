import { takeProcessLock } from '../store/process-lock.ts'
import { runningStatus } from './control-client.ts'
import { ListenerRunningError } from './listener-running-error.ts'
import { type RecoverAllPorts, type RecoveryReport, recoverAll } from './recovery.ts'

/**
 * Recovery by hand, while nobody listens.
 * @throws ListenerRunningError: a running listener's open sessions are under way and not left over; StoreError
 */
export async function recoverStopped(
  ports: RecoverAllPorts,
  dryRun: boolean,
): Promise<RecoveryReport> {
  const { directory } = ports
  const lock = takeProcessLock(directory.lockFile)
  if (lock === undefined) {
    const other = await runningStatus(directory.controlSocket)
    throw new ListenerRunningError(directory.path, other?.pid)
  }
  try {
    return await recoverAll(ports, dryRun)
  } finally {
    lock.release()
  }
}
