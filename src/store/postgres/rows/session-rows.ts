import type { JournalEntry } from '../../../session/ports/session-summary.ts'
import type { SessionRow } from '../../memory/row-types.ts'
import { integer, type Row, text } from '../../row/row.ts'
import {
  FIRST_COLUMNS,
  firstValues,
  LATER_COLUMNS,
  laterValues,
  toEntry,
  toSummary,
} from '../../sessions/session-row.ts'
import { numberColumn, type StoredColumn, type StoredTable, textColumn } from './stored-table.ts'

const NUMBERS: ReadonlySet<string> = new Set([
  ...['started_at', 'fence', 'retries', 'ended_at'],
  ...['frames_in', 'frames_out', 'bytes_in', 'bytes_out'],
])

type Values = (summary: SessionRow['summary']) => readonly (string | number | Uint8Array | null)[]

function columnsOf(names: readonly string[], values: Values): readonly StoredColumn<SessionRow>[] {
  const known = rememberingLast(values)
  return names.map((name, place) => ({
    name,
    type: typeOf(name),
    value: ({ summary }) => known(summary)[place],
  }))
}

/** A row's columns are asked for one after another. */
function rememberingLast(values: Values): Values {
  let last: { readonly of: SessionRow['summary']; readonly found: ReturnType<Values> } | undefined
  return (summary) => {
    if (last?.of !== summary) last = { of: summary, found: values(summary) }
    return last.found
  }
}

function typeOf(name: string): StoredColumn<SessionRow>['type'] {
  if (name === 'transcript') return 'bytea'
  if (name === 'duration_ms') return 'double precision'
  return NUMBERS.has(name) ? 'bigint' : 'text'
}

export const STORED_SESSIONS: StoredTable<SessionRow> = {
  name: 'sessions',
  keys: [textColumn('id', ({ summary }) => summary.id)],
  first: columnsOf(FIRST_COLUMNS, firstValues),
  later: columnsOf(LATER_COLUMNS, laterValues),
  toRow: (row) => ({ seq: integer(row, 'seq'), summary: toSummary(row) }),
}

/** One entry of a journal there. */
export interface JournalEntryRow extends JournalEntry {
  readonly sessionId: string
}

/** Keyed by the session's number there. */
export const JOURNAL_COLUMNS: readonly StoredColumn<JournalEntryRow>[] = [
  textColumn('id', ({ sessionId }) => sessionId),
  numberColumn('seq', ({ seq }) => seq),
  textColumn('origin', ({ from }) => from),
  textColumn('target', ({ to }) => to),
  textColumn('event', ({ event }) => event),
  numberColumn('at', ({ at }) => at),
  { name: 'ms', type: 'double precision', value: ({ ms }) => ms },
]

export function toJournalRow(row: Row): JournalEntryRow {
  return { ...toEntry(row), sessionId: text(row, 'id') }
}
