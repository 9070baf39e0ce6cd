import { compact } from '../../src/protocol/base/compact.ts'
import { median } from '../load/interleave.ts'
import { type Goal, judge, round } from '../report/row.ts'
import type { ComparedRow } from './compared-results.ts'
import type { RoundFigures } from './measure.ts'

/** Judges the figures of a row. Its goal bounds `ratio`, now / before, or `ofBare`, now / bare. */
export function compareRounds(
  { id, what, goal }: { readonly id: string; readonly what: string; readonly goal: Goal },
  { now, before, bare, problem }: RoundFigures,
): ComparedRow {
  const ratio = medianRatio(now, before)
  const ofBare = bare && medianRatio(now, bare)
  const also = compact({ ofBare })
  const { met } = judge({ id, what, goal }, { ours: median(now), ratio, also, problem })
  return {
    id,
    what,
    now: rounded(median(now)),
    before: rounded(median(before)),
    ratio: rounded(ratio),
    bare: bare === undefined ? null : rounded(median(bare)),
    ofBare: ofBare === undefined ? null : rounded(ofBare),
    goal: goal.text,
    met,
    ...compact({ problem }),
    rounds: {
      now: now.map(rounded),
      before: before.map(rounded),
      ...compact({ bare: bare?.map(rounded) }),
    },
  }
}

/** Each round is compared with the one beside it: the machine may have been slower in one than in the next. */
function medianRatio(some: readonly number[], others: readonly number[]): number {
  return median(some.map((each, index) => each / (others[index] ?? Number.NaN)))
}

function rounded(value: number): number {
  return round(value, 3)
}
