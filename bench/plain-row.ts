import type { BenchRow } from './results-file.ts'

/** A figure that is judged by itself. */
export interface PlainFigure {
  readonly id: string
  readonly what: string
  readonly ours: number
  /** In words. */
  readonly goal: string
  readonly met: boolean | null
  readonly bare?: number
  readonly note?: string
}

const DIGITS = 2

export function plainRow({ bare, ours, ...rest }: PlainFigure): BenchRow {
  const compared =
    bare === undefined
      ? { bare: null, ratio: null }
      : { bare: rounded(bare), ratio: rounded(ours / bare) }
  return { ...rest, ours: rounded(ours), ...compared }
}

/** At least so much. */
export function atLeast(goal: number, unit: string): (ours: number) => Judgement {
  return (ours) => ({ goal: `≥ ${goal.toLocaleString('en')} ${unit}`, met: ours >= goal })
}

/** At most so much. */
export function atMost(goal: number, unit: string): (ours: number) => Judgement {
  return (ours) => ({ goal: `≤ ${goal.toLocaleString('en')} ${unit}`, met: ours <= goal })
}

type Judgement = Pick<PlainFigure, 'goal' | 'met'>

function rounded(value: number): number {
  return Number(value.toFixed(value >= 100 ? 0 : DIGITS))
}
