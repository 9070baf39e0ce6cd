import { compact } from '../../src/protocol/base/compact.ts'
import type { Place } from '../process/place.ts'
import type { BenchRow } from './results.ts'

/** One row of the bench. The rows that share a `measure` are measured together. */
export interface Row {
  /** For example `P1`. */
  readonly id: string
  /** The unit and how it is measured, in words. */
  readonly what: string
  readonly goal: Goal
  /** Measured only with `--all`, or when asked for. @default false */
  readonly isLong?: boolean
  /** @returns a finding for each row that has this function, in the order of the table */
  readonly measure: (place: Place, isAll: boolean) => Promise<readonly Finding[]>
}

/** Bounds of a finding's numbers, by which it is judged. Without any, the row is for information. */
export interface Goal {
  /** In words. */
  readonly text: string
  readonly least?: Readonly<Record<string, number>>
  readonly most?: Readonly<Record<string, number>>
}

/** The result of measuring one row. */
export interface Finding {
  readonly ours: number
  /** Its counterpart of the same run, if there is one. */
  readonly bare?: number
  /** @default ours / bare */
  readonly ratio?: number
  /** Other numbers that the goal bounds. */
  readonly also?: Readonly<Record<string, number>>
  /** The amount of the goal in this run, in words, where it depends on the run. */
  readonly goalNow?: string
  /** All that was seen besides. */
  readonly note?: string
  /** A reason why the row says nothing: the stores do not hold what they should. */
  readonly problem?: string | undefined
  readonly more?: BenchRow['more']
}

export const NO_GOAL: Goal = { text: 'none, for information' }

/** `≥ 10,000 /s` */
export function atLeast(bound: number, unit: string): Goal {
  return { text: `≥ ${bound.toLocaleString('en')} ${unit}`, least: { ours: bound } }
}

/** `≤ 3,000 ms`; `more` adds to the words and the bounds. */
export function atMost(bound: number, unit: string, more: Partial<Goal> = {}): Goal {
  const text = `≤ ${bound.toLocaleString('en')} ${unit}${more.text ?? ''}`
  return { ...more, text, most: { ours: bound, ...more.most } }
}

/** `≥ 0.9 × bare`, with bounds of other numbers. */
export function share(bound: number, of: string, least: Goal['least'] = {}): Goal {
  return { text: `≥ ${bound} × ${of}`, least: { ratio: bound, ...least } }
}

/** `≤ 2 × a bare command` */
export function times(bound: number, of: string): Goal {
  return { text: `≤ ${bound} × ${of}`, most: { ratio: bound } }
}

/** Judges a finding. One with a problem never meets its goal. */
export function judge({ id, what, goal }: Omit<Row, 'measure'>, finding: Finding): BenchRow {
  const { ours, bare, also, goalNow, note, problem, more } = finding
  const ratio = finding.ratio ?? (bare === undefined ? undefined : ours / bare)
  const numbers: Readonly<Record<string, number | undefined>> = { ...also, ours, ratio }
  const isMet =
    problem === undefined &&
    Object.entries(goal.least ?? {}).every(
      ([name, bound]) => (numbers[name] ?? Number.NaN) >= bound,
    ) &&
    Object.entries(goal.most ?? {}).every(([name, bound]) => (numbers[name] ?? Number.NaN) <= bound)
  const hasGoal = goal.least !== undefined || goal.most !== undefined
  return {
    id,
    what,
    ours: rounded(ours),
    bare: bare === undefined ? null : rounded(bare),
    ratio: ratio === undefined ? null : round(ratio, 3),
    goal: goalNow === undefined ? goal.text : `${goal.text} = ${goalNow}`,
    met: hasGoal ? isMet : null,
    ...compact({ problem, note, more }),
  }
}

function rounded(value: number): number {
  return round(value, value >= 100 ? 1 : 2)
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
