import { Counter, Gauge, type Registry } from 'prom-client'
import type { ListenerStatus } from '../status/listener-status.ts'

/** Tells what became of the events for the command that is started for them, if there is one. */
export function countEvents(
  registers: Registry[],
  status: () => Pick<ListenerStatus, 'onEvent'>,
): void {
  new Counter({
    name: 'taleus_on_event_total',
    help: 'Events for the command that is started for them, by what became of them.',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset()
      const { told, failed, dropped } = status().onEvent ?? {}
      for (const [result, count] of Object.entries({ told, failed, dropped }))
        if (count !== undefined) this.inc({ result }, count)
    },
  })
  new Gauge({
    name: 'taleus_on_event_waiting',
    help: 'Events that wait for the command; absent if there is none.',
    registers,
    collect() {
      this.reset()
      const { onEvent } = status()
      if (onEvent === undefined) this.remove()
      else this.set(onEvent.waiting)
    },
  })
}
