import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as z from 'zod'
import { startChild } from './child.ts'
import { jsonOf, TALEUS } from './command-json.ts'
import { type Load, measuredSchema } from './load.ts'
import { atMost, plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'

const SESSIONS = 500
const DRAIN_MS = 3_000
const GRACE_MS = 2_000

const readySchema = z.object({ addresses: z.array(z.string()) })
const linkSchema = z.object({ link: z.string() })
const stoppedSchema = z.object({ cut: z.number(), parked: z.number() })
const talliesSchema = z.object({ tallies: z.array(z.unknown()) })
const verifySchema = z.object({ ok: z.boolean() })

/** As many as come are let in: one process plays all the peers. */
const ROOM = {
  TALEUS_MAX_SESSIONS: '2000',
  TALEUS_SESSIONS_PER_PEER: '2000',
  TALEUS_RATE_LIMIT: '1000000',
  TALEUS_STEP_TIMEOUT: '60s',
  TALEUS_SESSION_TIMEOUT: '120s',
}

interface Listening {
  readonly addresses: readonly string[]
  /** Asks it to stop. @returns its last line, its exit code, and how long it took, ms */
  stop(): Promise<{ last: string; code: unknown; ms: number }>
}

/** A real `taleus listen`, after `npm run build`. */
async function listen(directory: string, addresses: readonly string[]): Promise<Listening> {
  const flags = addresses.flatMap((address) => ['--listen', address])
  const words = ['listen', '--json', '--drain-timeout', `${DRAIN_MS}ms`, '--data-dir', directory]
  const child = spawn(process.execPath, [TALEUS, ...words, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...ROOM },
  })
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })
  let last = ''
  lines.on('line', (line) => {
    last = line
  })
  const [first] = await Promise.race([once(lines, 'line'), ended])
  return {
    addresses: readySchema.parse(JSON.parse(String(first))).addresses,
    async stop() {
      const began = performance.now()
      child.kill('SIGTERM')
      const [code] = await ended
      return { last, code, ms: performance.now() - began }
    },
  }
}

/** D6: a listener is told to stop while each of many sessions holds a use; the next one has all of them back. */
export async function drainFigure(parent: string): Promise<BenchRow> {
  const directory = mkdtempSync(join(parent, 'drain-'))
  try {
    const first = await listen(directory, ['/ip4/127.0.0.1/tcp/0'])
    const words = ['token', 'create', '--role', 'foil', '--unlimited', '--no-qr']
    const { link } = linkSchema.parse(jsonOf(directory, words))
    const client = await startChild('light-client.ts', link)
    const load: Load = { connection: 'shared', concurrency: 100, count: SESSIONS }
    await client.ask({ ...load, hold: true })
    const { last, code, ms } = await first.stop()
    const { cut, parked } = stoppedSchema.parse(JSON.parse(last))
    const second = await listen(directory, first.addresses)
    const { failed } = measuredSchema.parse(
      await client.ask({ ...load, resume: true, mayFail: true }),
    )
    await client.stop()
    await second.stop()
    const { tallies } = talliesSchema.parse(jsonOf(directory, ['tally', 'list', '--limit', '5000']))
    const { ok } = verifySchema.parse(jsonOf(directory, ['audit', 'verify']))
    // The first bootstrap only told how long the messages are.
    const lost = SESSIONS + 1 - tallies.length
    const faults = [
      ...(code === 0 ? [] : [`exit code ${String(code)}`]),
      ...(cut === SESSIONS && parked === SESSIONS ? [] : [`${cut} cut, ${parked} parked`]),
      ...(failed === 0 && lost === 0 ? [] : [`${failed} refused later, ${lost} lost`]),
      ...(ok ? [] : ['the audit does not verify']),
    ]
    return judged(ms, faults)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function judged(ms: number, faults: readonly string[]): BenchRow {
  const within = atMost(DRAIN_MS + GRACE_MS, 'ms')(ms)
  const row = plainRow({
    id: 'D6',
    what: `ms from SIGTERM to the end of a listener with ${SESSIONS} sessions that each hold a use, with ${DRAIN_MS} ms to drain`,
    ours: ms,
    goal: `${within.goal}, none lost`,
    met: within.met && faults.length === 0,
    note: 'all parked, and had by the next listener',
  })
  return faults.length === 0 ? row : { ...row, problem: faults.join('; ') }
}
