import type { BenchRow } from './results-file.ts'

const HEAD = ['', 'what', 'ours', 'bare', 'ratio', 'to tuned', 'server CPU ms', 'goal', '']
const RIGHT = new Set([2, 3, 4, 5, 6])

/** The rows as a table for people. */
export function tableOf(rows: readonly BenchRow[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells.map((row) => lineOf(row, widths)).join('\n')
}

function cellsOf({
  id,
  what,
  ours,
  bare,
  ratio,
  goal,
  met,
  problem,
  note,
  more,
}: BenchRow): string[] {
  const cpu =
    more === undefined
      ? ''
      : `${more.ours.serverCpu.toFixed(2)} / ${more.bare.serverCpu.toFixed(2)}`
  const toTuned = more?.ratioToTuned?.toFixed(2) ?? ''
  const numbers = [`${ours}`, `${bare ?? ''}`, ratio?.toFixed(2) ?? '', toTuned, cpu]
  return [id, what, ...numbers, goal, [verdict(met, problem), note ?? ''].join(' ').trim()]
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
