/**
 * The listener as `taleus listen` runs it, with a store on disk, in a process of its own: `listener-process.ts OPTIONS`,
 * as JSON. Greets its parent with the links of standing invitations.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openContext } from '../../src/cli/context.ts'
import { createFileHooks } from '../../src/hooks/file/create-file-hooks.ts'
import { Listener } from '../../src/service/listener/listener.ts'
import { tokenRecords } from '../../src/store/records/token-records.ts'
import { serve } from '../process/child.ts'
import { processUsage } from '../process/usage.ts'
import { BENCH_CONFIG, type ListenerState } from './bootstraps.ts'
import type { ListenerOptions } from './checkout.ts'
import { failing } from './failing-hooks.ts'
import { mintStanding } from './invitations.ts'
import { countStore } from './store-check.ts'

// As in bin/run.js.
Error.stackTraceLimit = 0

const options: ListenerOptions = JSON.parse(process.argv[2] ?? '')
const { directory, config, invitations, relays = [], hooksFail = false } = options
const PARTY = { identity: { name: 'Alice Miller' }, cadre: [], publicName: 'Alice Miller' }
const context = openContext(
  { dataDirectory: directory, settingsDirectory: directory },
  () => undefined,
)
const store = await context.store()
const wanted = {
  config: { ...BENCH_CONFIG, ...config },
  listen: ['/ip4/127.0.0.1/tcp/0'],
  announce: [],
  relays,
  party: () => PARTY,
}

async function listenerWithFailingHooks(): Promise<Listener> {
  const hooks = failing(createFileHooks({ store, eventFile: join(directory, 'events.jsonl') }))
  const key = await context.privateKey()
  return new Listener({ ...wanted, directory: context.directory, store, key, hooks })
}

const listener = hooksFail ? await listenerWithFailingHooks() : await context.listener(wanted)
const uncaught: string[] = []
process.on('uncaughtException', (error) => uncaught.push(String(error)))
process.on('unhandledRejection', (error) => uncaught.push(String(error)))
const inviter = await listener.start()
for (; listener.status().relays?.some(({ state }) => state !== 'reserved'); ) await sleep(10)
const links: string[] = []
for (const { role, required } of invitations) {
  links.push(await mintStanding(store, inviter, role, required))
}

const answers = {
  /** Its first address, without its peer id. */
  where: () => ({ address: inviter.addresses[0] }),
  usage: (collect) => processUsage(collect, store.commits),
  state: async (): Promise<ListenerState> => ({
    uncaught,
    active: listener.manager.getActiveSessionCounts().total,
    reserved: (await store.query(() => tokenRecords.list()))[0]?.reserved ?? 0,
    store: countStore(store),
  }),
} satisfies Record<string, (collect: boolean) => unknown>

serve(
  links,
  ({ ask, collect }: { readonly ask: keyof typeof answers; readonly collect: boolean }) =>
    answers[ask](collect),
  async () => {
    await listener.stop(0)
    await context.close()
  },
)
