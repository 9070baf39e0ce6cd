import type { BenchRow } from './results.ts'

const HEAD = ['', 'what', 'ours', 'bare', 'ratio', 'to tuned', 'server CPU ms', 'goal', '']
const RIGHT = new Set([2, 3, 4, 5, 6])

/** The rows as a table for people. */
export function tableOf(rows: readonly BenchRow[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells.map((row) => lineOf(row, widths)).join('\n')
}

function cellsOf({ id, what, ours, bare, ratio, goal, met, problem, note, more }: BenchRow) {
  const cpu = more && [more.ours, more.bare].map((each) => each.serverCpu.toFixed(2)).join(' / ')
  const ratios = [ratio, more?.ratioToTuned].map((each) => each?.toFixed(2) ?? '')
  const told = [verdict(met, problem), note ?? ''].join(' ').trim()
  return [id, what, `${ours}`, `${bare ?? ''}`, ...ratios, cpu ?? '', goal, told]
}

function verdict(met: boolean | null, problem: string | undefined): string {
  if (problem !== undefined) return `INVALID: ${problem}`
  if (met === null) return ''
  return met ? 'met' : 'NOT MET'
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => {
      const width = widths[column] ?? 0
      return RIGHT.has(column) ? cell.padStart(width) : cell.padEnd(width)
    })
    .join('  ')
    .trimEnd()
}
