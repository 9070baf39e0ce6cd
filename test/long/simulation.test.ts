import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { findBug } from '../simulation/planted-bugs/find-bug.ts'
import { PLANTED_BUGS } from '../simulation/planted-bugs/planted-bugs.ts'
import type { Share } from '../simulation/seed-worker.ts'

const SEEDS = Number(process.env['TALEUS_SIM_SEEDS'] ?? 10_000)
const FIRST = Number(process.env['TALEUS_SIM_FIRST'] ?? 1)

/** How long all of them may take on a machine of their own, ms. Told, not asserted: machines are shared. */
const GOAL_MS = 300_000

/** How long they may take beside other work, ms. */
const LIMIT_MS = 7_200_000

/** Where a process has to have died at least once, and what has to have befallen each message. */
const EXPECTED = [
  ...[
    'a commit',
    'a piece of work',
    'a question',
    'a send',
    'provision',
    'validate',
    'deprovision',
  ].flatMap((what) => [`crash before ${what}`, `crash after ${what}`]),
  'crash before a dial',
  ...[
    'InboundContact',
    'ProvisioningResult',
    'DatabaseResult',
    'Acknowledgment',
    'Receipt',
  ].flatMap((message) => ['cut', 'lose', 'slow', 'half dead'].map((fate) => `${fate} ${message}`)),
  ...['validate', 'identity', 'provision', 'deprovision', 'verify', 'markUsed'].flatMap((hook) =>
    ['throws', 'throws late', 'hangs', 'late'].map((fate) => `${hook} ${fate}`),
  ),
  ...['work fails', 'batch fails', 'commit fails'].map((what) => `disk: ${what}`),
]

describe('10,000 seeds', () => {
  it('break no promise', { timeout: LIMIT_MS }, async () => {
    const started = performance.now()
    const stride = Math.max(1, Math.min(4, availableParallelism()))
    const last = FIRST + SEEDS - 1
    const shares = await Promise.all(
      Array.from({ length: stride }, (_, index) => share(FIRST + index, last, stride)),
    )
    tell(shares, performance.now() - started)
    const failures = shares.flatMap((each) => each.failures)
    if (failures.length > 0) expect.fail(failures.join('\n\n'))
    const seen = new Set(shares.flatMap(({ counts }) => [...counts.keys()]))
    if (SEEDS >= 10_000) expect(EXPECTED.filter((what) => !seen.has(what))).toEqual([])
  })
})

describe('within 1,000 seeds the simulation finds out that', () => {
  it.each(PLANTED_BUGS)('$name', async (bug) => {
    const report = await findBug(bug, 1_000)
    expect(bug.breaks).toContain(report?.violations[0]?.rule)
    console.log(`${bug.name}: ${report?.violations[0]?.rule} with seed ${report?.seed}`)
  })
})

function share(first: number, last: number, stride: number): Promise<Share> {
  return new Promise((resolve, reject) => {
    const url = new URL('../simulation/seed-worker.ts', import.meta.url)
    const worker = new Worker(url, { workerData: { first, last, stride } })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

function tell(shares: readonly Share[], ms: number): void {
  const sum = (of: (each: Share) => number): number =>
    shares.reduce((total, each) => total + of(each), 0)
  const counts = new Map<string, number>()
  for (const [what, times] of shares.flatMap((each) => [...each.counts])) {
    counts.set(what, (counts.get(what) ?? 0) + times)
  }
  const faults = [...counts].sort(([a], [b]) => a.localeCompare(b))
  console.log(
    [
      `${SEEDS} seeds from ${FIRST} on: ${(ms / 1000).toFixed(0)} s (goal ${GOAL_MS / 1000} s),`,
      `${((SEEDS * 1000) / ms).toFixed(0)} seeds/s in ${shares.length} threads,`,
      `${sum(({ steps }) => steps)} steps, ${sum(({ commits }) => commits)} commits.`,
      `What went wrong in them: ${faults.map(([what, times]) => `${what} ×${times}`).join(', ')}`,
    ].join(' '),
  )
}
