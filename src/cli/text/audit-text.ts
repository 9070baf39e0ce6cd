import type { AuditEntry } from '../../service/trail/audit-entry.ts'
import type { ScreenText } from './screen-text.ts'
import { renderTable, type TableLayout } from './table.ts'
import { isoTime, type TimeStyle, timeText } from './time-text.ts'

/** An audit record as `--json` tells it. */
export type AuditDocument = Omit<AuditEntry, 'at'> & { readonly at: string }

export function auditDocument(entry: AuditEntry): AuditDocument {
  return { ...entry, at: isoTime(entry.at) }
}

/** Records as a table: number, time, and what happened in one line. */
export function auditText(
  entries: readonly AuditDocument[],
  layout: TimeStyle & TableLayout,
): ScreenText {
  const columns = [
    { title: 'seq', align: 'right' as const },
    { title: 'when' },
    { title: 'severity' },
    { title: 'type' },
    { title: 'what', shrinkTo: 10 },
  ]
  const rows = entries.map(({ seq, at, severity, type, data }) => {
    return [String(seq), timeText(Date.parse(at), layout), severity, type, dataText(data)]
  })
  return renderTable(columns, rows, layout)
}

/** A record's data on one line: the event, the command, or the states passed through; then `name=value`. */
export function dataText({ event, command, path, ...data }: AuditEntry['data']): string {
  if (Array.isArray(path)) return [path.join(' → '), ...reasonIn(data)].join(' ')
  const names = [event, command].filter((name) => typeof name === 'string')
  const rest = Object.entries(data).map(([name, value]) => {
    return `${name}=${valueText(name, value)}`
  })
  return [...names, ...rest].join(' ')
}

/** Names of fields that hold milliseconds since the epoch. */
const MOMENT = /(?:At|^until)$/

/** The years 2001 to 9999: what is beyond them is no moment that a record tells of. */
const [FIRST_MOMENT, LAST_MOMENT] = [1_000_000_000_000, 253_402_300_799_999]

function valueText(name: string, value: AuditEntry['data'][string]): string {
  if (typeof value === 'string') return value
  const isNumber = typeof value === 'number' && value >= FIRST_MOMENT && value <= LAST_MOMENT
  return isNumber && MOMENT.test(name) ? isoTime(value) : JSON.stringify(value)
}

/** The reason that a session went no further; the step is in the path. */
function reasonIn({ reason }: AuditEntry['data']): readonly string[] {
  return typeof reason === 'string' ? [`(${reason})`] : []
}
