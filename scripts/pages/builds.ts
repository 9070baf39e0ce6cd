import { readFileSync } from 'node:fs'
import { type ComparedResults, comparedResultsSchema } from '../../bench/beside/compared-results.ts'
import { figureText, runText, verdictText } from '../docs/figure-text.ts'
import { markdownTable } from '../docs/markdown-table.ts'

const BESIDE = new URL('../../bench/results/beside.json', import.meta.url)

/** Tells the newest run of this build beside another. */
export function generate(): string {
  return buildsOf(comparedResultsSchema.parse(JSON.parse(readFileSync(BESIDE, 'utf8'))))
}

/** As `generate`, of the results given. */
export function buildsOf({ rows, commits, ...run }: ComparedResults): string {
  const head = ['', '', 'now', 'before', 'ratio', 'bare', 'of bare', 'goal']
  const table = markdownTable(
    head,
    rows.map(({ id, what, now, before, ratio, bare, ofBare, goal, met, problem }) => [
      id,
      what,
      figureText(now),
      figureText(before),
      ratio.toFixed(2),
      bare === null ? '' : figureText(bare),
      ofBare?.toFixed(2) ?? '',
      `${goal}${verdictText(met, problem)}`,
    ]),
  )
  const rounds = Math.max(...rows.map((row) => row.rounds.now.length))
  const which = `Now ${commits.now}, before ${commits.before}; ${rounds} rounds each.`
  return [`${runText(run)} ${which}`, table].join('\n\n')
}
