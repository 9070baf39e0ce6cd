import { existsSync } from 'node:fs'

/**
 * What the running listener can be reached at.
 * @returns undefined if none runs on this data directory
 */
export async function runningAddresses(
  controlSocket: string,
): Promise<readonly string[] | undefined> {
  // Without the socket there is nobody to ask, and a command that starts cold saves the loading.
  if (!existsSync(controlSocket)) return undefined
  const { runningStatus } = await import('../control-client.ts')
  return (await runningStatus(controlSocket))?.addresses
}
