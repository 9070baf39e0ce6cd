/**
 * A feed with a thousand sessions under way and two thousand events a second, with the view on it and without, in turn.
 * Runs on a terminal: `view-host.js FILE`; writes its measurements to the file. Bundled first: the view is written with
 * JSX, which Node does not read.
 */
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { harmlessIn } from '../../src/cli/dashboard/harmless-in.ts'
import { openDashboard } from '../../src/cli/dashboard/open-dashboard.ts'
import { EventFeed } from '../../src/service/feed/event-feed.ts'
import { ManySessions } from './many-sessions.ts'

const PER_SECOND = 2_000
const TICK_MS = 10
const ROUNDS = 3
const ROUND_MS = 4_000
const WARM_UP_MS = 3_000

const sessions = new ManySessions(1_000)
const feed = new EventFeed({ snapshot: () => sessions.snapshot(), now: Date.now })

/** Milliseconds of processor time for each second. */
async function run(ms: number): Promise<number> {
  const [began, before] = [performance.now(), process.cpuUsage()]
  let published = 0
  while (performance.now() - began < ms) {
    await sleep(TICK_MS)
    const due = ((performance.now() - began) * PER_SECOND) / 1_000
    for (; published < due; published += 1) feed.publish(sessions.next())
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (performance.now() - began)
}

async function runWithView(ms: number): Promise<number> {
  const reader = feed.follow()
  if (reader === undefined) throw new Error('the feed has no room for a reader')
  const take = () => reader.take().map((event) => harmlessIn(event))
  const source = { take, now: Date.now, note: () => undefined }
  const nothing = (): undefined => undefined
  const keys = {
    isFree: () => true,
    isListeners: true,
    onQuit: nothing,
    onInterrupt: nothing,
    onGone: nothing,
  }
  const shown = await openDashboard({ source, ...keys })
  const used = await run(ms)
  await shown.close()
  reader.close()
  return used
}

const rounds: { view: number; none: number }[] = []
await runWithView(WARM_UP_MS)
for (let round = 0; round < ROUNDS; round += 1) {
  rounds.push({ view: await runWithView(ROUND_MS), none: await run(ROUND_MS) })
}
writeFileSync(process.argv[2] ?? '', JSON.stringify(rounds))
process.exit()
