import { Gauge, type Registry } from 'prom-client'
import type { ListenerStatus } from '../status/listener-status.ts'

/** Tells the ways by which it was met the last time that it tried; nothing of a way that was not tried. */
export function tellReach(
  registers: Registry[],
  status: () => Pick<ListenerStatus, 'reach'>,
): void {
  new Gauge({
    name: 'taleus_reached',
    help: '1 if it was met at one of its addresses the last time, by the way there.',
    labelNames: ['by'],
    registers,
    collect() {
      this.reset()
      const { reach = [] } = status()
      for (const { by } of reach) this.set({ by }, 0)
      for (const { by, problem } of reach) if (problem === undefined) this.set({ by }, 1)
    },
  })
  new Gauge({
    name: 'taleus_reach_proven_timestamp_seconds',
    help: 'When it was last met at one of its addresses, by the way there.',
    labelNames: ['by'],
    registers,
    collect() {
      this.reset()
      const met = (status().reach ?? []).filter(({ provenAt }) => provenAt !== undefined)
      for (const { by, provenAt = 0 } of met.sort((a, b) => (a.provenAt ?? 0) - (b.provenAt ?? 0)))
        this.set({ by }, provenAt / 1_000)
    },
  })
}
