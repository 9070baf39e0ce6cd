import { Counter, Gauge, type Registry } from 'prom-client'
import { LISTENER_REAPS } from '../reaping/reap-schedule.ts'
import type { ListenerStatus } from '../status/listener-status.ts'

/** Tells what the listener has reaped by itself, and whether that is paused. */
export function tellReaping(
  registers: Registry[],
  status: () => Pick<ListenerStatus, 'reaping'>,
): void {
  new Gauge({
    name: 'taleus_reaping_paused',
    help: '1 if reaping is paused; absent if this listener does not reap by itself.',
    registers,
    collect() {
      this.reset()
      const { reaping } = status()
      if (reaping === undefined) this.remove()
      else this.set(reaping.pausedUntil === undefined ? 0 : 1)
    },
  })
  new Counter({
    name: 'taleus_reaped_total',
    help: 'Things that this listener has reaped by itself, by policy.',
    labelNames: ['policy'],
    registers,
    collect() {
      this.reset()
      const { reaped = {} } = status().reaping ?? {}
      for (const policy of LISTENER_REAPS) this.inc({ policy }, reaped[policy] ?? 0)
    },
  })
}
