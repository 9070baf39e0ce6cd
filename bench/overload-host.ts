/**
 * A listener with the places that `taleus listen` has by default, and no limits on rates: one process plays all the
 * peers. `overload-host.ts DIRECTORY`; greets its parent with a standing link.
 */
import { openContext } from '../src/cli/context.ts'
import { privateKeyFromBytes } from '../src/network/identity-key.ts'
import { DEFAULT_SESSION_CONFIG } from '../src/session/session-config.ts'
import { BENCH_CONFIG } from './bench-config.ts'
import { mintStanding } from './invitation-list.ts'

const [, , directory = ''] = process.argv
const { maxConcurrentSessions } = DEFAULT_SESSION_CONFIG

const context = openContext({ dataDirectory: directory, settingsDirectory: directory })
const store = await context.store()
const listener = await context.listener({
  config: { ...BENCH_CONFIG, maxConcurrentSessions },
  listen: ['/ip4/127.0.0.1/tcp/0'],
  announce: [],
  party: () => ({ identity: {}, cadre: [], publicName: 'Alice Miller' }),
})
const { addresses } = await listener.start()
const publicKey = privateKeyFromBytes(await context.privateKey()).publicKey.raw
const links = await mintStanding({ store, publicKey, address: addresses[0] ?? '' }, 'stock', 1)

process.on('message', () => process.send?.(listener.manager.admission))
process.on('disconnect', () => {
  void listener.stop(0).then(() => {
    context.close()
    process.exit()
  })
})
process.send?.({ link: links[0], places: maxConcurrentSessions })
