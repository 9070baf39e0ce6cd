/**
 * The besieged: a listener with the defaults of `taleus listen`, in a process of its own.
 * `host.ts DIRECTORY [RELAY]`; greets its parent with a standing link. With a relay it has a place there, and the link names no
 * other way.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { mintStanding } from '../../../bench/listener/invitations.ts'
import { serve } from '../../../bench/process/child.ts'
import { openContext } from '../../../src/cli/context.ts'

const [, , directory = '', relay] = process.argv
const context = openContext(
  { dataDirectory: directory, settingsDirectory: directory },
  () => undefined,
)
const store = await context.store()
const listener = await context.listener({
  config: {},
  listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'],
  announce: [],
  relays: relay === undefined ? [] : [relay],
  party: () => ({ identity: {}, cadre: [], publicName: 'Alice' }),
})
const { addresses, peerId } = await listener.start()
for (; listener.status().relays?.some(({ state }) => state !== 'reserved'); ) await sleep(10)
const tcp = addresses.find((address) => !address.endsWith('/ws')) ?? ''
const way = relay === undefined ? tcp : `${relay}/p2p-circuit`
const link = await mintStanding(store, { peerId, addresses: [way] }, 'stock')
const uncaught: string[] = []
process.on('uncaughtException', (error) => uncaught.push(String(error)))
process.on('unhandledRejection', (error) => uncaught.push(String(error)))
const lag = monitorEventLoopDelay({ resolution: 5 })
lag.enable()

serve(
  { link, peerId, addresses },
  () => {
    const answer = {
      admission: listener.manager.admission,
      lagMs: lag.max / 1e6,
      rssMiB: process.memoryUsage.rss() / 2 ** 20,
      uncaught,
    }
    lag.reset()
    return answer
  },
  async () => {
    await listener.stop(0)
    await context.close()
  },
)
