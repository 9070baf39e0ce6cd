import { reportTrail, type TrailReport } from '../../service/trail/report/trail-report.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { line, lines, paragraphs, type ScreenText } from '../text/screen-text.ts'
import { isoTime, isoTimeOrNull, type TimeStyle, timeText, tookText } from '../text/time-text.ts'
import { type PeriodFlags, parsePeriod } from './audit-filter.ts'

/** The answer of `audit report --json`. Times are ISO 8601 in UTC. */
export interface ReportDocument extends Omit<TrailReport, 'first' | 'last' | 'anomalies'> {
  readonly since: string | null
  readonly until: string | null
  readonly first: SeqAndTime | null
  readonly last: SeqAndTime | null
  readonly anomalies: readonly (Omit<TrailReport['anomalies'][number], 'first' | 'last'> & {
    readonly first: SeqAndTime
    readonly last: SeqAndTime
  })[]
}

interface SeqAndTime {
  readonly seq: number
  readonly at: string
}

/** Sums up a period. @throws UsageError, AuditRecordInvalidError, DataDirectoryError, StoreError */
export async function reportAudit(
  locations: Locations,
  flags: PeriodFlags,
): Promise<ReportDocument> {
  const now = Date.now()
  const period = parsePeriod(flags, now)
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const { first, last, anomalies, ...report } = await reportTrail(store, period, now)
    return {
      since: isoTimeOrNull(period.since),
      until: isoTimeOrNull(period.until),
      first: first === undefined ? null : iso(first),
      last: last === undefined ? null : iso(last),
      ...report,
      anomalies: anomalies.map((each) => ({
        ...each,
        first: iso(each.first),
        last: iso(each.last),
      })),
    }
  })
}

function iso({ seq, at }: { readonly seq: number; readonly at: number }): SeqAndTime {
  return { seq, at: isoTime(at) }
}

export function reportText(report: ReportDocument, style: TimeStyle): ScreenText {
  const { records, first, last } = report
  if (first === null || last === null) return line('No records.')
  const [from, to] = [first, last].map(({ at }) => timeText(Date.parse(at), style))
  return paragraphs([
    line(`${many(records, 'record')}, ${first.seq} to ${last.seq}, from ${from} to ${to}`),
    section('Invitations', invitationLines(report)),
    section('Sessions', sessionLines(report)),
    section('Databases', countLines(report.databases)),
    section('Commands', countLines(report.commands)),
    section('Anomalies', anomalyLines(report, style)),
  ])
}

function section(title: string, facts: readonly string[]): ScreenText {
  return lines([title, ...(facts.length === 0 ? ['none'] : facts).map((fact) => `  ${fact}`)])
}

function invitationLines({ invitations }: ReportDocument): readonly string[] {
  const { issued, revoked, expired, redeemed, confirmed, usedUp } = invitations
  const { released, withdrawn, declined, refused, strangers } = invitations
  return [
    `issued     ${issued.stock + issued.foil} (you hold the stock of ${issued.stock}, the foil of ${issued.foil})`,
    `redeemed   ${redeemed} (in the period ${confirmed} were confirmed)`,
    `used up    ${usedUp}`,
    `expired    ${expired} with a use left`,
    `revoked    ${revoked}`,
    `declined   ${declined}`,
    `given back ${countsText(released)}`,
    `withdrawn  ${withdrawn}`,
    `refused    ${countsText(refused)}`,
    `strangers  ${countsText(strangers)}`,
  ]
}

function sessionLines({ sessions }: ReportDocument): readonly string[] {
  const { completed, asked, failed, timedOut, endings, durations } = sessions
  const { count, p50Ms, p95Ms, maxMs } = durations
  const took = [p50Ms, p95Ms, maxMs].map((ms) => tookText(ms ?? undefined))
  return [
    `completed  ${completed}`,
    ...(asked === 0 ? [] : [`asked      ${asked}, for your yes or no`]),
    `failed     ${failed}`,
    `timed out  ${timedOut}`,
    ...Object.entries(endings).map(([why, times]) => `  ${times} × ${why}`),
    ...(count === 0
      ? []
      : [`took       half up to ${took[0]}, 95 % up to ${took[1]}, all up to ${took[2]}`]),
  ]
}

function anomalyLines({ anomalies }: ReportDocument, style: TimeStyle): readonly string[] {
  return anomalies.map(({ severity, what, count, last }) => {
    const when = timeText(Date.parse(last.at), style)
    return `${severity.padEnd(7)}  ${count} × ${what}, the last one ${when} (record ${last.seq})`
  })
}

function countLines(counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(counts).map(([name, count]) => `${count} × ${name}`)
}

/** `5: 3 lapsed, 2 declined`. */
function countsText(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts)
  if (entries.length === 0) return '0'
  const sum = entries.reduce((all, [, count]) => all + count, 0)
  return `${sum}: ${entries.map(([name, count]) => `${count} ${name}`).join(', ')}`
}

function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
