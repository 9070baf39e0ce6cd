import { setTimeout as sleep } from 'node:timers/promises'
import { compact } from '../../protocol/base/compact.ts'
import { askListener, type ListenerPlace } from '../control/control-client.ts'
import type { DrainBegun } from '../control/control-protocol.ts'
import { type DrainProgress, isAlive } from '../control/drain-running.ts'
import { ControlBusyError, ControlError } from '../errors.ts'
import type { RelayStatus } from '../status/relay-status.ts'

/** How often it is asked how far it is, ms. */
const ASK_MS = 200

/** How much longer than its drain time a relay may take to be gone, ms: a second, and some for a busy machine. */
const GRACE_MS = 15_000

/**
 * The status of the relay that runs on its directory.
 * @returns undefined if none does
 * @throws ControlError if one does, and does not answer as it should; ControlBusyError
 */
export async function runningRelay(place: ListenerPlace): Promise<RelayStatus | undefined> {
  return await ofRelay(() => askListener(place, 'relay', {}))
}

/**
 * Has the running relay drain, and waits until its process is gone.
 * @param ms for how long circuits may go on; what the relay is set to if undefined
 * @param tell told how far it is, whenever it was asked
 * @returns undefined if no relay runs on this directory
 * @throws ControlError if it does not answer as it should, or does not end; ControlBusyError
 */
export async function drainRelay(
  place: ListenerPlace,
  ms: number | undefined,
  tell: (progress: DrainProgress) => void,
): Promise<DrainBegun | undefined> {
  const begun = await ofRelay(() => askListener(place, 'drain', compact({ ms })))
  if (begun === undefined) return undefined
  tell(begun)
  const until = performance.now() + begun.ms + GRACE_MS
  for (;;) {
    const status = await runningRelay(place).catch(() => undefined)
    const isOurs = status?.pid === begun.pid
    if (isOurs) tell({ active: status.circuits.inUse, ms: status.drainMs ?? 0 })
    // Another one by now, started at once by whatever looks after it: ours is gone.
    else if (status !== undefined || !isAlive(begun.pid)) return begun
    if (performance.now() > until)
      throw new ControlError('does not come to an end', { asked: 'relay' })
    await sleep(ASK_MS)
  }
}

/** An error that names the one who was asked. */
async function ofRelay<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof ControlError) || error instanceof ControlBusyError) throw error
    throw new ControlError(error.problem, { cause: error, asked: 'relay' })
  }
}
