import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'rolldown'
import * as z from 'zod'
import { jsonOf, LOOPBACK, standingLink, TALEUS } from '../command/taleus.ts'
import { interleave, median } from '../load/interleave.ts'
import { type Load, type Loadable, measuredSchema } from '../load/load.ts'
import type { Place } from '../process/place.ts'
import type { Finding } from '../report/row.ts'
import { onTerminal } from './on-terminal.ts'

const HOST = join(import.meta.dirname, 'view-host.ts')
const hostSchema = z.array(z.object({ view: z.number(), none: z.number() }))

/** Measures the processor time of the dashboard of a busy feed, in percent of one core. */
export async function busyView(place: Place): Promise<Finding[]> {
  const file = join(place.directory, 'rounds.json')
  await build({
    input: HOST,
    platform: 'node',
    external: ['react-devtools-core'],
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    output: { dir: place.directory },
  })
  await onTerminal([join(place.directory, 'view-host.js'), file])
  // Milliseconds for each second.
  const rounds = hostSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const shares = rounds.map(({ view, none }) => (view - none) / 10)
  return [{ ours: median(shares), note: shares.map((each) => each.toFixed(1)).join(' ') }]
}

const ROUNDS = 9
const LOAD: Load = { connection: 'shared', concurrency: 10, count: 600 }
const WARM_UP: Load = { ...LOAD, count: 1_500 }
/** Admission lets everything through: one process plays all the peers. */
const OPEN = [
  'max-sessions=10000',
  'sessions-per-peer=10000',
  'rate-limit=100000000',
  'address-rate-limit=100000000',
  'total-rate-limit=100000000',
]
const START_MS = 30_000
const statusSchema = z.object({ pid: z.number() })

/** Measures bootstraps per second at `taleus listen` on a terminal, beside one with `--plain`: two processes, in turn. */
export async function viewedListener(place: Place): Promise<Finding[]> {
  const listeners = [await realListener(place, 'view'), await realListener(place, 'plain')]
  for (const each of listeners) await each.measure(WARM_UP)
  const [view = [], plain = []] = await interleave(listeners, LOAD, ROUNDS)
  const ratio = (of: 'rate' | 'serverCpu') =>
    median(view.map((each, round) => each[of] / (plain[round]?.[of] ?? Number.NaN)))
  return [
    {
      ours: median(view.map(({ rate }) => rate)),
      bare: median(plain.map(({ rate }) => rate)),
      ratio: ratio('rate'),
      note: `CPU for each ${ratio('serverCpu').toFixed(2)} × plain, ${ROUNDS} rounds`,
    },
  ]
}

/** The command itself, in a process of its own. */
async function realListener(place: Place, kind: 'view' | 'plain'): Promise<Loadable> {
  const directory = join(place.directory, kind)
  for (const setting of OPEN) jsonOf(directory, 'config', 'set', ...setting.split('='))
  const words = [TALEUS, 'listen', '--listen', LOOPBACK, '--drain-timeout', '1s']
  const all = [...words, '--data-dir', directory]
  const plain = () =>
    once(spawn(process.execPath, [...all, '--plain'], { stdio: 'ignore' }), 'close')
  const ended = kind === 'view' ? onTerminal(all) : plain()
  const pid = await pidOf(directory)
  place.atEnd(async () => {
    process.kill(pid, 'SIGTERM')
    await ended
  })
  const link = standingLink(directory, 'stock')
  const client = await place.child('listener/light-client.ts', link)
  return {
    async measure(load) {
      const before = processorMs(pid)
      const measured = measuredSchema.parse(await client.ask(load))
      return { ...measured, serverCpu: (processorMs(pid) - before) / load.count }
    },
  }
}

async function pidOf(directory: string): Promise<number> {
  const until = performance.now() + START_MS
  for (;;) {
    const status = statusSchema.safeParse(jsonOf(directory, 'status'))
    if (status.success) return status.data.pid
    if (performance.now() > until) throw new Error('the listener does not come up')
    await sleep(100)
  }
}

/** A hundredth of a second, the unit that Linux counts in. */
const CLOCK_TICK_MS = 10

/** Reads the processor time of a process so far, ms. Linux only. */
function processorMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS
}
