/**
 * The invitee as `taleus bootstrap` runs it, with a store on disk, in a process of its own:
 * `whole-client.ts DIRECTORY LINK…`. One link is redeemed by one session at a time.
 */
import { openContext } from '../src/cli/context.ts'
import { decodeLink } from '../src/protocol/link/link.ts'
import { BENCH_CONFIG } from './bench-config.ts'
import type { Load } from './load.ts'
import { runLoad } from './run-load.ts'
import { countStore } from './store-check.ts'

const [, , directory = '', ...texts] = process.argv
const idleLinks = texts.map(decodeLink)

const context = openContext({ dataDirectory: directory, settingsDirectory: directory })
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

process.on('message', (message: Load | { readonly ask: 'store' }) => {
  if ('ask' in message) {
    process.send?.(countStore(store))
    return
  }
  runLoad(message, redeem).then(
    (measured) => process.send?.({ ...measured, held: 0 }),
    (error: unknown) => {
      console.error(error)
      process.exitCode = 1
      process.disconnect()
    },
  )
})
process.on('disconnect', () => {
  void redeemer.stop().then(() => {
    context.close()
    process.exit()
  })
})
process.send?.('ready')
