import { Counter, Gauge, type Registry } from 'prom-client'
import type { SessionCore } from '../../session/manager/session-core.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import { fromStore } from './from-store.ts'

/** Counts requests at invitations by hand: what waits, and what came of it. Never who. */
export function countRequests(
  registers: Registry[],
  manager: SessionCore,
  store: Pick<SessionStore, 'lookups'>,
): void {
  const requests = new Counter({
    name: 'taleus_requests_total',
    help: 'Requests that began to wait for the inviter’s word, were said yes or no to, or ended without, since the start.',
    labelNames: ['state'],
    registers,
  })
  for (const state of ['waiting', 'approved', 'denied', 'over']) requests.inc({ state }, 0)
  manager.on('request', ({ state }) => requests.inc({ state }))
  new Gauge({
    name: 'taleus_requests_waiting',
    help: 'Requests that wait for the inviter’s word.',
    registers,
    async collect() {
      const counted = store.lookups.requests.countWaiting()
      await fromStore(counted.then((count) => this.set(count)))
    },
  })
}
