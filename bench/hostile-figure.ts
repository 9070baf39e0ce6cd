import { ATTACKS, PATIENT } from '../test/faults/hostile/attack-sizes.ts'
import { type SiegeInit, type SiegeResult, siege } from '../test/faults/hostile/siege.ts'
import { atMost, plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'

const MAX_MS = 1_000
const MAX_SHARE = 2
const ROUND = { guests: 20, rounds: 3, headStartMs: 4_000 } as const

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
  const sieges = await all(ATTACKS)
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

async function all(attacks: readonly Pick<SiegeInit, 'attack' | 'size'>[]): Promise<Siege[]> {
  const sieges: Siege[] = []
  for (const each of attacks) {
    sieges.push({ attack: each.attack, ...(await siege({ ...each, ...ROUND })) })
  }
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
