import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { type Child, startChild } from './child.ts'
import { jsonOf, TALEUS } from './command-json.ts'
import { interleave, median } from './interleave.ts'
import { type Contender, type Load, type Measurement, measuredSchema } from './load.ts'
import { onTerminal } from './on-terminal.ts'
import { plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'

const MIN_RATE = 0.95
const ROUNDS = 9
const LOAD: Load = { connection: 'shared', concurrency: 10, count: 600 }
const WARM_UP: Load = { ...LOAD, count: 1_500 }
/** Admission lets everything through: one process plays all the peers. */
const OPEN = ['max-sessions=10000', 'sessions-per-peer=10000', 'rate-limit=100000000'].concat([
  'address-rate-limit=100000000',
  'total-rate-limit=100000000',
])
const LISTEN = ['listen', '--listen', '/ip4/127.0.0.1/tcp/0', '--drain-timeout', '1s']
const START_MS = 30_000
const linkSchema = z.object({ link: z.string() })
const statusSchema = z.object({ pid: z.number() })

/** Bootstraps per second at `taleus listen` on a terminal, beside one with `--plain`: two processes, in turn. */
export async function viewedListenerFigure(parent: string): Promise<BenchRow> {
  const directory = mkdtempSync(join(parent, 'viewed-'))
  const listeners: RealListener[] = []
  try {
    for (const kind of ['view', 'plain'] as const) {
      listeners.push(await RealListener.start(join(directory, kind), kind))
    }
    for (const each of listeners) await each.measure(WARM_UP)
    const [view = [], plain = []] = await interleave(listeners, LOAD, ROUNDS)
    return judged(view, plain)
  } finally {
    for (const each of listeners) await each.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

function judged(view: readonly Measurement[], plain: readonly Measurement[]): BenchRow {
  const ratio = (of: 'rate' | 'serverCpu') =>
    median(view.map((each, round) => each[of] / (plain[round]?.[of] ?? Number.NaN)))
  const rate = ratio('rate')
  const row = plainRow({
    id: 'view-listen',
    what: 'bootstraps/s at `listen` with the view, beside `listen --plain`, 10 at a time',
    ours: median(view.map((each) => each.rate)),
    bare: median(plain.map((each) => each.rate)),
    goal: `≥ ${MIN_RATE} × plain`,
    met: rate >= MIN_RATE,
    note: `CPU for each ${ratio('serverCpu').toFixed(2)} × plain, ${ROUNDS} rounds`,
  })
  return { ...row, ratio: Number(rate.toFixed(3)) }
}

/** The command itself, in a process of its own. */
class RealListener implements Contender {
  readonly name: string
  readonly #pid: number
  readonly #client: Child
  readonly #ended: Promise<unknown>

  private constructor(name: string, pid: number, client: Child, ended: Promise<unknown>) {
    this.name = name
    this.#pid = pid
    this.#client = client
    this.#ended = ended
  }

  static async start(directory: string, kind: 'view' | 'plain'): Promise<RealListener> {
    for (const setting of OPEN) jsonOf(directory, ['config', 'set', ...setting.split('=')])
    const words = [TALEUS, ...LISTEN, '--data-dir', directory]
    const ended = kind === 'view' ? onTerminal(words).ended : plainListener(words)
    const pid = await pidOf(directory)
    const token = ['token', 'create', '--unlimited', '--role', 'stock']
    const { link } = linkSchema.parse(jsonOf(directory, token))
    return new RealListener(kind, pid, await startChild('light-client.ts', link, '{}'), ended)
  }

  async measure(load: Load): Promise<Measurement> {
    const before = processorMs(this.#pid)
    const measured = measuredSchema.parse(await this.#client.ask(load))
    return { ...measured, serverCpu: (processorMs(this.#pid) - before) / load.count }
  }

  async stop(): Promise<void> {
    await this.#client.stop()
    process.kill(this.#pid, 'SIGTERM')
    await this.#ended
  }
}

async function plainListener(words: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [...words, '--plain'], { stdio: 'ignore' })
  return await once(child, 'close')
}

async function pidOf(directory: string): Promise<number> {
  const until = performance.now() + START_MS
  for (;;) {
    const status = statusSchema.safeParse(jsonOf(directory, ['status']))
    if (status.success) return status.data.pid
    if (performance.now() > until) throw new Error('the listener does not come up')
    await sleep(100)
  }
}

/** A hundredth of a second, the unit that Linux counts in. */
const CLOCK_TICK_MS = 10

/** Processor time of a process so far, ms. Linux only. */
function processorMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS
}
