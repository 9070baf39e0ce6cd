import { addressBeyond } from '../../network/address/addresses.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import { isLocked } from '../../store/directory/process-lock.ts'
import type { ControlError } from '../errors.ts'
import type { ReachReport } from '../reach/reach-report.ts'

/** A running listener: where it can be reached and how far that was proven, or what kept it from saying so. */
export type RunningListener =
  | { readonly addresses: readonly string[]; readonly reach: ReachReport }
  | { readonly unheard: ControlError }

/** Proofs of the last so many ms count for a new invitation. */
const FRESH_MS = 30_000

/**
 * Asks the running listener for its addresses, and to try them.
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
    if (status === undefined) return undefined
    const { addresses, reach, relays = [] } = status
    // A relay that is away for a moment leads here when the link is used.
    const beyond = relays.map(addressBeyond)
    return {
      addresses: [...new Set([...addresses, ...beyond])],
      reach: reach === undefined ? [] : await proven(directory),
    }
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
    return { unheard: error }
  }
}

/** An invitation is good also where this can't be told. */
async function proven(directory: DataDirectory): Promise<ReachReport> {
  const { askListener } = await import('../control/control-client.ts')
  const { ControlError } = await import('../errors.ts')
  try {
    return (await askListener(directory, 'reach', { freshMs: FRESH_MS })) ?? []
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
    return []
  }
}
