import { figureText, runText } from '../docs/figure-text.ts'
import { markdownTable } from '../docs/markdown-table.ts'
import { assumedText } from '../scaling/assumptions.ts'
import { type Measured, measuredNow, serverFigures } from '../scaling/measured.ts'
import { carriedBy, PLACES, type Plan, peakOf, planFor } from '../scaling/plan.ts'

const KILOBYTE = 1e3

/** Tells what one of each carries, and what a city and a country take. */
export function generate(): string {
  return [scalingOf(measuredNow()), 'The database’s part was measured so:', serverRuns()].join(
    '\n\n',
  )
}

/** As `generate`, of the figures given. */
export function scalingOf(measured: Measured): string {
  return [
    'Measured, for each bootstrap:',
    measuredTable(measured),
    `Assumed: ${assumedText().join('; ')}.`,
    'Bootstraps a second that one of each carries, and how many of them the busiest minute takes:',
    carriedTable(measured),
    'The busiest minute of one store is simulated, with as many nodes as it takes and one more:',
    planTable(PLACES.map((place) => planFor(place, measured))),
  ].join('\n\n')
}

/** The runs that the database's part was measured by. */
function serverRuns(): string {
  const { runs, postgres, ...run } = serverFigures()
  const head = [
    'nodes',
    'at once',
    'server’s processor, ms',
    'both sides’, ms',
    'log, KB',
    'stored, KB',
    'commits',
  ]
  const rows = runs.map(
    ({ nodes, atOnce, serverMs, sidesMs, walBytes, storedBytes, commitsEach }) => [
      ...[String(nodes), String(atOnce), figureText(serverMs), figureText(sidesMs)],
      ...[
        figureText(walBytes / KILOBYTE),
        figureText(storedBytes / KILOBYTE),
        figureText(commitsEach),
      ],
    ],
  )
  return `${runText(run)} PostgreSQL ${postgres}.\n\n${markdownTable(head, rows)}`
}

function measuredTable({ nodeMs, serverMs, logBytes, storedBytes }: Measured): string {
  return markdownTable(
    ['', '', ''],
    [
      [
        'a node’s processor',
        `${figureText(nodeMs)} ms`,
        'P1’s bare listener, and the sessions of both sides',
      ],
      ['the database server’s processor', `${figureText(serverMs)} ms`, 'three nodes, see below'],
      ['its write-ahead log', `${figureText(logBytes / KILOBYTE)} KB`, 'the same'],
      ['its tables and indices', `${figureText(storedBytes / KILOBYTE)} KB`, 'the same'],
    ],
  )
}

function carriedTable(measured: Measured): string {
  const carried = carriedBy(measured)
  const names = {
    node: 'a node',
    link: 'one link, at all nodes together',
    server: 'a database server’s processors',
    log: 'a database server’s log',
  } as const
  const order = ['node', 'link', 'server', 'log'] as const
  const rows = order.map((name) => [
    names[name],
    figureText(Math.round(carried[name])),
    ...PLACES.map((place) => figureText(peakOf(place) / carried[name])),
  ])
  const heads = PLACES.map((place) => `${place.name}, ${figureText(Math.round(peakOf(place)))}/s`)
  return markdownTable(['', 'carries', ...heads], rows)
}

function planTable(plans: readonly Plan[]): string {
  const row = (name: string, of: (plan: Plan) => string): string[] => [name, ...plans.map(of)]
  const whole = (value: number): string => figureText(Math.round(value))
  return markdownTable(
    ['', ...plans.map(({ place }) => `${place.name}, ${figureText(place.perDay)} a day`)],
    [
      row('bootstraps/s in the busiest minute', ({ peak }) => whole(peak)),
      row('stores', ({ stores }) => whole(stores)),
      row('nodes of each', ({ nodes }) => whole(nodes)),
      row(
        'an answer’s time, p50 and p99',
        ({ report }) => `${whole(report.p50)}, ${whole(report.p99)} ms`,
      ),
      row('nodes’ processors used', ({ report }) => `${whole(report.nodeBusy * 100)} %`),
      row('the servers’', ({ report }) => `${whole(report.serverBusy * 100)} %`),
      row('commits for each bootstrap', ({ report }) => report.commitsEach.toFixed(2)),
      row('stored each day, all copies', ({ gigabytesADay }) => `${whole(gigabytesADay)} GB`),
      row('stored in the end', ({ gigabytes }) => `${whole(gigabytes / 1000)} TB`),
      row('processors', ({ processors }) => whole(processors)),
      row('a month', ({ eurosAMonth }) => `${whole(eurosAMonth)} €`),
      row('for a million bootstraps', ({ eurosForAMillion }) => `${eurosForAMillion.toFixed(2)} €`),
    ],
  )
}
