import { compact } from '../../src/protocol/base/compact.ts'
import { Bootstraps, type ListenerSetting } from '../listener/bootstraps.ts'
import { interleave, median, medianRound } from '../load/interleave.ts'
import type { Load, Measurement } from '../load/load.ts'
import { WARM_UP } from '../load/loads.ts'
import type { Place } from '../process/place.ts'
import { type Finding, type Row, round } from '../report/row.ts'
import { fsyncMs } from '../store/fsync-time.ts'
import { startBare } from './start-bare.ts'

/**
 * Commits that the answer waits for, each one write and one fsync: the intent to provision, and the
 * redemption with its tally and the answer's bytes.
 */
const COMMITS_ON_THE_PATH = 2

/** The measurements of one row. */
export interface Taken {
  /** Round by round, as many as of `bare`. */
  readonly ours: readonly Measurement[]
  readonly bare: readonly Measurement[]
  /** The bare exchange on nodes with all of our settings; for information. */
  readonly tuned: readonly Measurement[] | undefined
  /** Time that one 4 KiB write and fsync takes on this disk, ms. */
  readonly fsyncMs: number
  /** Commits of the listener's store for each bootstrap. */
  readonly commitsEach: number
  /** A problem with the content of the stores. */
  readonly problem?: string | undefined
}

/** Measures ours in turn with the bare exchange. @param judge what of the rounds is compared */
export function besideBare(
  setting: Pick<ListenerSetting, 'role' | 'client'>,
  load: Load,
  rounds: number,
  judge: (taken: Taken) => Finding = comparedRates,
): Row['measure'] {
  return async (place: Place) => {
    const concurrency = Math.max(load.concurrency, WARM_UP.concurrency)
    const ours = await Bootstraps.start(place, { ...setting, concurrency })
    const bare = await startBare(place, ours.frames)
    const contenders = [ours, bare, await startBare(place, ours.frames, 'tuned')]
    for (const each of contenders) await each.measure(WARM_UP)
    ours.warmedUp()
    const [own = [], other = [], tuned] = await interleave(contenders, load, rounds)
    const { commitsEach } = ours
    const rest = { fsyncMs: fsyncMs(place.directory), problem: await ours.problem() }
    return [judge({ ours: own, bare: other, tuned, commitsEach, ...rest })]
  }
}

/** Compares rates, each round with the one beside it: the machine may have been slower in one than in the next. */
export function comparedRates(taken: Taken): Finding {
  const [ours, bare] = [medianRound(taken.ours).rate, medianRound(taken.bare).rate]
  return { ours, bare, ratio: median(ratios(taken.ours, taken.bare)), ...rest(taken) }
}

/** Compares how long an answer takes, ms: `overMs` is more than bare, `addedMs` and the fsyncs on the path together. */
export function comparedLatencies(addedMs: number): (taken: Taken) => Finding {
  return (taken) => {
    const [ours, bare] = [medianRound(taken.ours).p50, medianRound(taken.bare).p50]
    const allowed = bare + addedMs + COMMITS_ON_THE_PATH * taken.fsyncMs
    const goalNow = `${round(allowed, 2)} ms`
    return { ours, bare, also: { overMs: ours - allowed }, goalNow, ...rest(taken) }
  }
}

function ratios(ours: readonly Measurement[], other: readonly Measurement[]): number[] {
  return ours.map((each, index) => each.rate / (other[index]?.rate ?? Number.NaN))
}

function rest({ ours, bare, tuned, commitsEach, fsyncMs: ms, problem }: Taken) {
  const more = {
    ours: rounded(ours),
    bare: rounded(bare),
    tuned: tuned && rounded(tuned),
    ratioToTuned: tuned && round(median(ratios(ours, tuned)), 3),
    commitsEach: round(commitsEach, 3),
    fsyncMs: round(ms, 3),
  }
  return { problem, more: compact(more) }
}

/** The median round. */
function rounded(rounds: readonly Measurement[]) {
  const { rate, p50, p99, serverCpu } = medianRound(rounds)
  return {
    rate: round(rate, 1),
    p50: round(p50, 2),
    p99: round(p99, 2),
    serverCpu: round(serverCpu, 3),
  }
}
