/**
 * The invitee as `taleus bootstrap` runs it, with a store on disk, in a process of its own:
 * `whole-client.ts DIRECTORY LINK…`. One link is redeemed by one session at a time.
 */
import { openContext } from '../../src/cli/context.ts'
import { decodeLink } from '../../src/protocol/link/link.ts'
import type { Load } from '../load/load.ts'
import { runLoad } from '../load/run-load.ts'
import { serve } from '../process/child.ts'
import { BENCH_CONFIG } from './bootstraps.ts'
import { countStore } from './store-check.ts'

const [, , directory = '', ...texts] = process.argv
const idleLinks = texts.map(decodeLink)
const context = openContext(
  { dataDirectory: directory, settingsDirectory: directory },
  () => undefined,
)
const store = await context.store()
const redeemer = await context.redeemer(BENCH_CONFIG)
await redeemer.start()

async function redeem(): Promise<{ readonly rest: Promise<void> }> {
  const link = idleLinks.pop()
  if (link === undefined) throw new RangeError('more bootstraps at a time than links')
  const outcome = await redeemer.redeem({ link, identity: {}, cadre: [], another: true })
  if (!outcome.completed) throw new Error(`${outcome.reason} in ${outcome.step}`)
  idleLinks.push(link)
  return { rest: Promise.resolve() }
}

serve(
  'ready',
  async (wanted: Load | { readonly ask: 'store' }) =>
    'ask' in wanted ? countStore(store) : { ...(await runLoad(wanted, redeem)), held: 0 },
  async () => {
    await redeemer.stop()
    await context.close()
  },
)
