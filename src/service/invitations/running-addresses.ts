import type { DataDirectory } from '../../store/directory/data-directory.ts'
import { isLocked } from '../../store/directory/process-lock.ts'
import type { ControlError } from '../errors.ts'

/** A running listener: where it can be reached, or what kept it from saying so. */
export type RunningListener =
  | { readonly addresses: readonly string[] }
  | { readonly unheard: ControlError }

/**
 * Asks the running listener for its addresses.
 * @returns undefined if none runs on this data directory
 */
export async function runningAddresses(
  directory: DataDirectory,
): Promise<RunningListener | undefined> {
  // Where nobody listens, a command that starts cold saves the loading.
  if (!isLocked(directory.lockFile)) return undefined
  const { askListener } = await import('../control/control-client.ts')
  const { ControlError } = await import('../errors.ts')
  try {
    const status = await askListener(directory, 'status', {})
    return status === undefined ? undefined : { addresses: status.addresses }
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
    return { unheard: error }
  }
}
