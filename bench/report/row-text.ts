import type { BenchRow } from './results.ts'

const HEAD = ['', 'what', 'ours', 'bare', 'ratio', 'to tuned', 'server CPU ms', 'goal', '']
const NUMBERS = [2, 3, 4, 5, 6]

/** The rows as a table for people. */
export function tableOf(rows: readonly BenchRow[]): string {
  return alignedTable([HEAD, ...rows.map(cellsOf)], NUMBERS)
}

/** Lines whose columns stand below each other. @param numbers the columns that end together, from 0 */
export function alignedTable(
  cells: readonly (readonly string[])[],
  numbers: readonly number[],
): string {
  const columns = cells[0] ?? []
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)))
  const lineOf = (row: readonly string[]) =>
    widths.map((width, index) => {
      const cell = row[index] ?? ''
      return numbers.includes(index) ? cell.padStart(width) : cell.padEnd(width)
    })
  return cells.map((row) => lineOf(row).join('  ').trimEnd()).join('\n')
}

function cellsOf({ id, what, ours, bare, ratio, goal, met, problem, note, more }: BenchRow) {
  const cpu = more && [more.ours, more.bare].map((each) => each.serverCpu.toFixed(2)).join(' / ')
  const ratios = [ratio, more?.ratioToTuned].map((each) => each?.toFixed(2) ?? '')
  const told = [verdict(met, problem), note ?? ''].join(' ').trim()
  return [id, what, `${ours}`, `${bare ?? ''}`, ...ratios, cpu ?? '', goal, told]
}

/** In words; empty without a goal. */
export function verdict(met: boolean | null, problem: string | undefined): string {
  if (problem !== undefined) return `INVALID: ${problem}`
  if (met === null) return ''
  return met ? 'met' : 'NOT MET'
}
