/**
 * A listener one in ten of whose sessions meets a hook that goes wrong, in a process of its own.
 * `failing-host.ts DIRECTORY`; greets its parent with a standing link.
 */
import { join } from 'node:path'
import { openContext } from '../src/cli/context.ts'
import { createFileHooks } from '../src/hooks/file/create-file-hooks.ts'
import { issueInvitation } from '../src/service/invitations/issue-invitation.ts'
import { Listener } from '../src/service/listener/listener.ts'
import { BENCH_CONFIG } from './bench-config.ts'
import { failing } from './failing-hooks.ts'
import { countStore } from './store-check.ts'

const HOUR_MS = 3_600_000

const [, , directory = ''] = process.argv
const context = openContext({ dataDirectory: directory, settingsDirectory: directory })
const store = await context.store()
const hooks = createFileHooks({ store, eventFile: join(directory, 'events.jsonl') })
const listener = new Listener({
  directory: context.directory,
  store,
  key: await context.privateKey(),
  hooks: failing(hooks),
  config: BENCH_CONFIG,
  listen: ['/ip4/127.0.0.1/tcp/0'],
  announce: [],
  party: () => ({ identity: {}, cadre: [], publicName: 'Alice Miller' }),
})
const uncaught: string[] = []
process.on('uncaughtException', (error) => uncaught.push(String(error)))
process.on('unhandledRejection', (error) => uncaught.push(String(error)))
const { addresses, peerId } = await listener.start()
const { link } = await issueInvitation(
  store,
  { role: 'stock', uses: null, required: ['name'], optional: ['email'], terms: null },
  { peerId, addresses, expiresAt: Date.now() + HOUR_MS },
)

process.on('message', () => {
  const [token] = store.read(({ tokens }) => tokens.list())
  process.send?.({
    uncaught,
    active: listener.manager.getActiveSessionCounts().total,
    reserved: token?.reserved,
    store: countStore(store),
  })
})
process.on('disconnect', () => {
  void listener.stop(0).then(() => {
    hooks.audit.flush()
    context.close()
    process.exit()
  })
})
process.send?.(link)
