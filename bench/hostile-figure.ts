import { type SiegeInit, type SiegeResult, siege } from '../test/faults/hostile/siege.ts'
import { atMost, plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'

const MAX_MS = 1_000
const MAX_SHARE = 2
const ROUND = { guests: 20, rounds: 3, headStartMs: 4_000 } as const

/** Sockets that say nothing, and streams that say one byte a second: both at their worst. */
const PATIENT: readonly SiegeInit[] = [
  { attack: 'silence', size: 1_000, ...ROUND },
  { attack: 'drip', size: 1_000, ...ROUND },
]

const OTHERS: readonly SiegeInit[] = [
  { attack: 'garbage', size: 60, ...ROUND },
  { attack: 'stay', size: 500, ...ROUND },
  { attack: 'deaf', size: 500, ...ROUND },
  { attack: 'flood', size: 50, ...ROUND },
  { attack: 'newcomers', size: 4, ...ROUND },
  { attack: 'glutton', size: 400, ...ROUND },
]

interface Siege extends SiegeResult {
  readonly attack: string
}

/** E1: how long honest guests take while a thousand others only hold on. */
export async function patientFigure(): Promise<BenchRow> {
  const sieges = await all(PATIENT)
  const ours = Math.max(...sieges.map(({ p99Ms }) => p99Ms))
  const within = atMost(MAX_MS, 'ms')(ours)
  return judged(
    {
      id: 'E1',
      what: 'ms that honest guests take, look and all, p99, beside 1,000 silent sockets, then 1,000 streams of one byte a second',
      ours,
      ...within,
    },
    sieges,
  )
}

/** Honest guests of a listener under attack, beside those of a quiet one, in turn. */
export async function hostileFigure(): Promise<BenchRow> {
  const sieges = await all([...PATIENT, ...OTHERS])
  const ours = Math.max(...sieges.map(({ p99 }) => p99))
  const within = atMost(MAX_SHARE, '× quiet')(ours)
  return judged(
    {
      id: 'hostile',
      what: 'times as long, p99, as at a quiet listener beside it do honest guests take, at the worst of eight attacks',
      ours,
      ...within,
    },
    sieges,
  )
}

async function all(inits: readonly SiegeInit[]): Promise<Siege[]> {
  const sieges: Siege[] = []
  for (const init of inits) sieges.push({ attack: init.attack, ...(await siege(init)) })
  return sieges
}

function judged(
  figure: Pick<BenchRow, 'id' | 'what' | 'ours' | 'goal' | 'met'>,
  sieges: readonly Siege[],
): BenchRow {
  const problems = sieges.flatMap((each) => [...each.problems, ...each.uncaught])
  const note = sieges.map(({ attack, p99 }) => `${attack} ${p99.toFixed(2)} ×`).join(', ')
  const row = plainRow({ ...figure, met: figure.met === true && problems.length === 0, note })
  return problems[0] === undefined ? row : { ...row, problem: problems[0] }
}
