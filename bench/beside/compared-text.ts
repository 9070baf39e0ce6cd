import { alignedTable, verdict } from '../report/row-text.ts'
import type { ComparedRow } from './compared-results.ts'

const HEAD = ['', 'what', 'now', 'before', 'ratio', 'bare', 'of bare', 'goal', '']
const NUMBERS = [2, 3, 4, 5, 6]

/** The rows as a table for people. */
export function comparedTable(rows: readonly ComparedRow[]): string {
  const cells = rows.map(({ id, what, now, before, ratio, bare, ofBare, goal, met, problem }) => {
    const numbers = [now, before, ratio, bare, ofBare].map((each) => each?.toFixed(2) ?? '')
    return [id, what, ...numbers, goal, verdict(met, problem)]
  })
  return alignedTable([HEAD, ...cells], NUMBERS)
}
