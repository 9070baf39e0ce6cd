import type { NetworkNode } from '../../network/node/node.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import type { Clock } from '../../session/ports/clock.ts'
import { isProcessGone } from '../../store/directory/process-name.ts'
import { ReapSchedule } from '../reaping/reap-schedule.ts'
import { HealthWatch, type HealthWatchInit } from '../status/health-watch.ts'
import { TrailKeeper } from '../trail/trail-keeper.ts'
import type { ListenerInit } from './listener-init.ts'

/** The part that watches over it all; not started. @param onProblem told in words */
export function createHealth(
  init: ListenerInit,
  fitting: HealthWatchInit['fitting'],
  manager: SessionCore,
  node: NetworkNode,
  onProblem: (detail: string) => void,
): HealthWatch {
  const { directory, store, listen, disk = () => ({ warnBytes: 0, reserveBytes: 0 }) } = init
  return new HealthWatch({ directory, store, manager, node, listen, fitting, disk, onProblem })
}

/** The part that signs the audit and forgets what is old of it; not started. @param onBroken told the first record that is not as it was */
export function createTrail(
  { store, key, retentionMs = () => 0 }: ListenerInit,
  manager: SessionCore,
  onBroken: (seq: number) => void,
): TrailKeeper {
  return new TrailKeeper({
    store,
    key,
    sessions: manager,
    retentionMs,
    onBroken,
    onFailure: (error) => manager.emit('storeFailed', error),
  })
}

/** The part that reaps, if it is to; not started. */
export function createReaping(
  { directory, reap }: ListenerInit,
  manager: SessionCore,
  clock: Clock,
): ReapSchedule | undefined {
  if (reap === undefined) return undefined
  const isGone = (process: string) => isProcessGone(directory, process)
  return new ReapSchedule({ ...reap, manager, clock, isGone })
}
