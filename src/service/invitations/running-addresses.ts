import { existsSync } from 'node:fs'

/** A running listener: where it can be reached, or what kept it from saying so, in words. */
export type RunningListener =
  | { readonly addresses: readonly string[] }
  | { readonly problem: string; readonly isServing: boolean }

/**
 * Asks the running listener for its addresses.
 * @returns undefined if none runs on this data directory
 */
export async function runningAddresses(
  controlSocket: string,
): Promise<RunningListener | undefined> {
  // Without the socket there is nobody to ask, and a command that starts cold saves the loading.
  if (!existsSync(controlSocket)) return undefined
  const { askListener } = await import('../control/control-client.ts')
  const { ControlError } = await import('../errors.ts')
  try {
    const status = await askListener(controlSocket, 'status', {})
    return status === undefined ? undefined : { addresses: status.addresses }
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
    return { problem: error.message, isServing: error.code === 'control_busy' }
  }
}
