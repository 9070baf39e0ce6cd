import { COMMITS_ON_THE_PATH, type Figure } from './figures.ts'
import { median, medianRound } from './interleave.ts'
import type { Measurement } from './load.ts'
import type { BenchRow } from './results-file.ts'

/** What was measured for one figure. */
export interface Taken {
  /** Round by round, as many as of `bare`. */
  readonly ours: readonly Measurement[]
  readonly bare: readonly Measurement[]
  /** The bare exchange on nodes with all of our settings; for information. */
  readonly tuned: readonly Measurement[] | undefined
  /** What one 4 KiB write and fsync takes on this disk, ms. */
  readonly fsyncMs: number
  /** Commits of the listener's store for each bootstrap. */
  readonly commitsEach: number
  /** What is wrong with what the stores hold. Then the row is invalid. */
  readonly problem?: string | undefined
}

/** The row of one figure. */
export function judge(figure: Figure, taken: Taken): BenchRow {
  const ours = medianRound(taken.ours)
  const bare = medianRound(taken.bare)
  const { goal, met, ...compared } =
    figure.goal.kind === 'latency'
      ? latency(figure.goal.addedMs, ours, bare, taken.fsyncMs)
      : rate(figure.goal, ours, bare, taken)
  const valid = taken.problem === undefined
  return {
    id: figure.id,
    what: figure.what,
    ...compared,
    goal,
    met: met === null ? null : met && valid,
    ...(taken.problem === undefined ? {} : { problem: taken.problem }),
    more: {
      ours: rounded(ours),
      bare: rounded(bare),
      ...comparedToTuned(taken),
      commitsEach: round(taken.commitsEach, 3),
      fsyncMs: round(taken.fsyncMs, 3),
    },
  }
}

function comparedToTuned({
  ours,
  tuned,
}: Taken): Pick<NonNullable<BenchRow['more']>, 'tuned' | 'ratioToTuned'> {
  if (tuned === undefined) return {}
  return {
    tuned: rounded(medianRound(tuned)),
    ratioToTuned: round(median(ratios(ours, tuned)), 3),
  }
}

type Compared = Pick<BenchRow, 'ours' | 'bare' | 'ratio' | 'goal' | 'met'>

function rate(
  goal: Exclude<Figure['goal'], { kind: 'latency' }>,
  ours: Measurement,
  bare: Measurement,
  taken: Taken,
): Compared {
  const ratio = median(ratios(taken.ours, taken.bare))
  return {
    ours: round(ours.rate, 1),
    bare: round(bare.rate, 1),
    ratio: round(ratio, 3),
    goal: goal.kind === 'none' ? 'none, for information' : `≥ ${goal.atLeast} × bare`,
    met: goal.kind === 'none' ? null : ratio >= goal.atLeast,
  }
}

/** Of the rates, round by round: the machine may have been slower in one than in the next. */
function ratios(ours: readonly Measurement[], other: readonly Measurement[]): number[] {
  return ours.map((each, index) => each.rate / (other[index]?.rate ?? Number.NaN))
}

function latency(addedMs: number, ours: Measurement, bare: Measurement, fsyncMs: number): Compared {
  const allowed = bare.p50 + addedMs + COMMITS_ON_THE_PATH * fsyncMs
  return {
    ours: round(ours.p50, 2),
    bare: round(bare.p50, 2),
    ratio: round(ours.p50 / bare.p50, 3),
    goal: `≤ bare + ${addedMs} ms + ${COMMITS_ON_THE_PATH} × fsync = ${round(allowed, 2)} ms`,
    met: ours.p50 <= allowed,
  }
}

function rounded({ rate, p50, p99, serverCpu }: Measurement): Measurement {
  return {
    rate: round(rate, 1),
    p50: round(p50, 2),
    p99: round(p99, 2),
    serverCpu: round(serverCpu, 3),
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
