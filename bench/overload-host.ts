/**
 * A listener with the places that `taleus listen` has by default, and no limits on rates: one process plays all the
 * peers. `overload-host.ts DIRECTORY`; greets its parent with standing links, and answers how late its loop was since it
 * was asked last.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openContext } from '../src/cli/context.ts'
import { privateKeyFromBytes } from '../src/network/identity/identity-key.ts'
import { DEFAULT_SESSION_CONFIG } from '../src/session/config/session-config.ts'
import { BENCH_CONFIG } from './bench-config.ts'
import { mintStanding } from './invitation-list.ts'

const [, , directory = ''] = process.argv
const { maxConcurrentSessions } = DEFAULT_SESSION_CONFIG
const LAG_RESOLUTION_MS = 5
const HOLD_MS = 300_000

const context = openContext({ dataDirectory: directory, settingsDirectory: directory })
const store = await context.store()
const listener = await context.listener({
  // Who holds a place holds it for the whole of the figure.
  config: {
    ...BENCH_CONFIG,
    maxConcurrentSessions,
    provisionTimeoutMs: HOLD_MS,
    sessionTimeoutMs: HOLD_MS,
  },
  listen: ['/ip4/127.0.0.1/tcp/0'],
  announce: [],
  party: () => ({ identity: {}, cadre: [], publicName: 'Alice Miller' }),
})
const { addresses } = await listener.start()
const publicKey = privateKeyFromBytes(await context.privateKey()).publicKey.raw
const inviter = { store, publicKey, address: addresses[0] ?? '' }
const [link] = await mintStanding(inviter, 'stock', 1)
const [foilLink] = await mintStanding(inviter, 'foil', 1)
const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS })
lag.enable()

process.on('message', () => {
  process.send?.({ lateMs: lag.max / 1e6 - LAG_RESOLUTION_MS })
  lag.reset()
})
process.on('disconnect', () => {
  void listener.stop(0).then(() => {
    context.close()
    process.exit()
  })
})
process.send?.({ link, foilLink, places: maxConcurrentSessions })
