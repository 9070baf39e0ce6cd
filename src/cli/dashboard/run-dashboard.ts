import type { DashboardSource } from '../../dashboard/source.ts'
import { settled } from '../outlet/outlet.ts'
import { outletOf } from '../outlet/outlet-of.ts'
import { openDashboard } from './open-dashboard.ts'

/** Exit codes of a view that a signal ended. */
const INTERRUPTED = 130
const TERMINATED = 143

/** Shows a view until the person leaves it, or a signal ends it. @returns the exit code */
export async function runDashboard(source: DashboardSource): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const onTerm = (): void => resolve(TERMINATED)
  const onInterrupt = (): void => resolve(INTERRUPTED)
  // The terminal is gone, and its user with it.
  const onHangUp = (): void => resolve(0)
  process.on('SIGTERM', onTerm)
  process.on('SIGINT', onInterrupt)
  process.on('SIGHUP', onHangUp)
  try {
    const terminal = outletOf(process.stdout)
    // Ink, too, writes there at the end.
    outletOf(process.stderr)
    const shown = await openDashboard({
      source,
      isFree: () => terminal.waiting === 0,
      isListeners: false,
      onQuit: () => resolve(0),
      onInterrupt,
      onGone: onHangUp,
    })
    const code = await Promise.race([promise, shown.closed.then(() => 0)])
    await shown.close()
    await settled([terminal])
    return code
  } finally {
    process.off('SIGTERM', onTerm)
    process.off('SIGINT', onInterrupt)
    process.off('SIGHUP', onHangUp)
  }
}
