import type { NetworkLimits } from '../base/limits.ts'
import { networkLimits } from '../base/limits.ts'
import type { NetworkNode } from './node.ts'

/**
 * Stops a node, dropping whatever is still open: drain sessions first. Never waits longer than
 * `stopTimeoutMs`, because libp2p's own stop has been seen to hang; connections that are left then
 * are aborted.
 * @returns whether it stopped in time
 */
export async function stopNode(
  node: NetworkNode,
  overrides: Partial<NetworkLimits> = {},
): Promise<boolean> {
  const late = Promise.withResolvers<false>()
  const timer = setTimeout(() => late.resolve(false), networkLimits(overrides).stopTimeoutMs)
  const stopping = Promise.resolve(node.stop()).then(() => true)
  try {
    const stopped = await Promise.race([stopping, late.promise])
    if (!stopped) abortAll(node, stopping)
    return stopped
  } finally {
    clearTimeout(timer)
  }
}

function abortAll(node: NetworkNode, stopping: Promise<boolean>): void {
  for (const connection of node.getConnections()) connection.abort(new Error('stopped'))
  // Whatever it still says, nobody waits for it any more.
  stopping.catch(() => false)
}
