/**
 * The listener as `taleus listen` runs it, with a store on disk, in a process of its own.
 * `listener-server.ts DIRECTORY stock|foil INVITATIONS`; greets its parent with the links.
 */

import { openContext } from '../src/cli/context.ts'
import { privateKeyFromBytes } from '../src/network/identity/identity-key.ts'
import { BENCH_CONFIG } from './bench-config.ts'
import { mintStanding } from './invitation-list.ts'
import { processUsage } from './process-usage.ts'
import { countStore } from './store-check.ts'

// As in bin/run.js.
Error.stackTraceLimit = 0

const [, , directory = '', role, invitations = '1'] = process.argv
const PARTY = { identity: { name: 'Alice Miller' }, cadre: [], publicName: 'Alice Miller' }

const context = openContext({ dataDirectory: directory, settingsDirectory: directory })
const store = await context.store()
const listener = await context.listener({
  config: BENCH_CONFIG,
  listen: ['/ip4/127.0.0.1/tcp/0'],
  announce: [],
  party: () => PARTY,
})
const { addresses } = await listener.start()
const publicKey = privateKeyFromBytes(await context.privateKey()).publicKey.raw
const inviter = { store, publicKey, address: addresses[0] ?? '' }
const links = await mintStanding(inviter, role === 'foil' ? 'foil' : 'stock', Number(invitations))

const answers = {
  usage: ({ collect = false }) => processUsage(collect, store.commits),
  store: () => countStore(store),
} satisfies Record<string, (question: { readonly collect?: boolean }) => unknown>
process.on(
  'message',
  (question: { readonly ask: keyof typeof answers; readonly collect?: boolean }) => {
    process.send?.(answers[question.ask](question))
  },
)
process.on('disconnect', () => {
  void listener.stop(0).then(() => {
    context.close()
    process.exit()
  })
})
process.send?.(links)
