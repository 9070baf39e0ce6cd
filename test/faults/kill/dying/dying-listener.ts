import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Listener } from '../../../../src/service/listener/listener.ts'
import { type ListenerOrders, ordersOf } from '../child-orders.ts'
import { runnerParts } from './runner-parts.ts'

/** `taleus listen`, but for where it dies. Says `ready`; SIGTERM stops it in good order if it still lives. */
const orders = ordersOf<ListenerOrders>()
const parts = await runnerParts(orders)
const { sessionTimeoutMs, relays = [], legacy = false } = orders
const short = sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }
const listener = new Listener({
  ...parts,
  config: {
    breakerFailures: 1_000_000,
    maxSessionsPerPeer: 1_000,
    rateLimitPerPeer: 100_000,
    ...short,
  },
  listen: [orders.address],
  announce: [],
  relays,
  legacy,
  party: () => ({ identity: { name: 'Alice' }, cadre: [], publicName: 'Alice' }),
})
const asked = once(process, 'SIGTERM')
await listener.start()
for (; listener.status().relays?.some(({ state }) => state !== 'reserved'); ) await sleep(10)
process.stdout.write('ready\n')
await asked
await listener.stop(5_000)
parts.hooks.audit.flush()
parts.store.close()
