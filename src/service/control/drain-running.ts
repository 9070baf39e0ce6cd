import { setTimeout as sleep } from 'node:timers/promises'
import { compact } from '../../protocol/base/compact.ts'
import { ControlError } from '../errors.ts'
import type { Operator } from '../record/operator.ts'
import { askListener, type ListenerPlace, runningStatus } from './control-client.ts'
import type { DrainBegun } from './control-protocol.ts'

/** How often it is asked how far it is, ms. */
const ASK_MS = 200

/** How much longer than its drain time a listener may take to be gone, ms: two seconds, and some for a busy machine. */
const GRACE_MS = 15_000

/** How far a drain is. */
export interface DrainProgress {
  /** Sessions under way. */
  readonly active: number
  /** Milliseconds until the rest is parked. */
  readonly ms: number
}

/**
 * Has the running listener drain, and waits until its process is gone.
 * @param ms for how long sessions may go on; what the listener is set to if undefined
 * @param operator the one who asks, for the listener's audit
 * @param tell told how far it is, whenever it was asked
 * @returns undefined if no listener runs on this data directory
 * @throws ControlError if it does not answer as it should, or does not end
 */
export async function drainRunning(
  place: ListenerPlace,
  ms: number | undefined,
  operator: Operator,
  tell: (progress: DrainProgress) => void,
): Promise<DrainBegun | undefined> {
  const begun = await askListener(place, 'drain', { ...compact({ ms }), operator })
  if (begun === undefined) return undefined
  tell(begun)
  const until = performance.now() + begun.ms + GRACE_MS
  while (await isThere(place, begun.pid, tell)) {
    if (performance.now() > until) throw new ControlError('does not come to an end')
    await sleep(ASK_MS)
  }
  return begun
}

async function isThere(
  place: ListenerPlace,
  pid: number,
  tell: (progress: DrainProgress) => void,
): Promise<boolean> {
  const status = await runningStatus(place)
  // Another one by now, started at once by whatever looks after it: ours is gone.
  if (status !== undefined && status.pid !== pid) return false
  if (status !== undefined) {
    tell({ active: status.sessions.total, ms: status.drainMs ?? 0 })
    return true
  }
  return isAlive(pid)
}

/** Whether a process with this number is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
