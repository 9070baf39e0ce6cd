/**
 * The besieged: a listener with the defaults of `taleus listen`, in a process of its own.
 * `host.ts DIRECTORY`; greets its parent with a standing link.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { mintStanding } from '../../../bench/listener/invitations.ts'
import { serve } from '../../../bench/process/child.ts'
import { openContext } from '../../../src/cli/context.ts'

const [, , directory = ''] = process.argv
const context = openContext(
  { dataDirectory: directory, settingsDirectory: directory },
  () => undefined,
)
const store = await context.store()
const listener = await context.listener({
  config: {},
  listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'],
  announce: [],
  party: () => ({ identity: {}, cadre: [], publicName: 'Alice' }),
})
const { addresses, peerId } = await listener.start()
const tcp = addresses.find((address) => !address.endsWith('/ws')) ?? ''
const link = await mintStanding(store, { peerId, addresses: [tcp] }, 'stock')
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
    context.close()
  },
)
