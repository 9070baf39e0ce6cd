import { readFileSync } from 'node:fs'
import { type BenchRow, type Results, resultsSchema } from '../../bench/report/results.ts'
import { figureText, runText, verdictText } from '../docs/figure-text.ts'
import { markdownTable } from '../docs/markdown-table.ts'

const LATEST = new URL('../../bench/results/latest.json', import.meta.url)

/** Tells the newest whole run of the bench: its machine, its rows, and pictures of shares and growth. */
export function generate(): string {
  return figuresOf(resultsSchema.parse(JSON.parse(readFileSync(LATEST, 'utf8'))))
}

/** As `generate`, of the results given. */
export function figuresOf({ rows, ...run }: Results): string {
  return [runText(run), tableOf(rows), sharesOf(rows), growthOf(rows)].join('\n\n')
}

function tableOf(rows: readonly BenchRow[]): string {
  const head = ['', '', 'ours', 'bare', 'ratio', 'to tuned', 'goal']
  return markdownTable(
    head,
    rows.map(({ id, what, note, ours, bare, ratio, more, goal, met, problem }) => [
      id,
      note === undefined ? what : `${what}; ${note}`,
      figureText(ours),
      bare === null ? '' : figureText(bare),
      ratio?.toFixed(2) ?? '',
      more?.ratioToTuned?.toFixed(2) ?? '',
      `${goal}${verdictText(met, problem)}`,
    ]),
  )
}

/** Draws ours as a share of bare, with the goals. */
function sharesOf(rows: readonly BenchRow[]): string {
  const shares = rows.flatMap(({ id, ratio, goal }) => {
    const aim = /^≥ ([\d.]+) × bare$/.exec(goal)?.[1]
    return ratio === null || aim === undefined ? [] : [{ id, ratio, aim }]
  })
  return chart([
    'title "Bootstraps per second, as a share of bare (line: the goal)"',
    `x-axis [${shares.map(({ id }) => `"${id}"`).join(', ')}]`,
    'y-axis "ours / bare" 0 --> 1',
    `bar [${shares.map(({ ratio }) => ratio.toFixed(2)).join(', ')}]`,
    `line [${shares.map(({ aim }) => aim).join(', ')}]`,
  ])
}

/** Draws the rate by the number of bootstraps: the cost of one does not grow with how many there were. */
function growthOf(rows: readonly BenchRow[]): string {
  const growth = rows.filter(({ id }) => /^growth-\d+$/.test(id))
  return chart([
    'title "Bootstraps per second, by how many in a row (upper line: bare)"',
    `x-axis [${growth.map(({ id }) => `"${id.slice('growth-'.length)}"`).join(', ')}]`,
    'y-axis "per second"',
    `line [${growth.map(({ ours }) => Math.round(ours)).join(', ')}]`,
    `line [${growth.map(({ bare }) => Math.round(bare ?? 0)).join(', ')}]`,
  ])
}

function chart(lines: readonly string[]): string {
  return ['```mermaid', 'xychart-beta', ...lines.map((line) => `  ${line}`), '```'].join('\n')
}
