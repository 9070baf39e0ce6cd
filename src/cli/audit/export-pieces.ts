import type { HashedEntry } from '../../service/trail/query-trail.ts'
import { type AuditDocument, auditDocument } from '../text/audit-text.ts'
import { harmless } from '../text/harmless.ts'
import { jsonText } from '../text/json-text.ts'
import { csvLine } from './csv.ts'

export const EXPORT_FORMATS = ['json', 'ndjson', 'csv'] as const

export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The origin of an export. */
export interface ExportOrigin {
  readonly peerId: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** A record as it is exported. `hash` chains it to all before it, so that the file can be checked. */
export interface ExportedRecord extends AuditDocument {
  readonly hash: string
}

/** The version of what an export looks like. */
const EXPORT_VERSION = 1

const COLUMNS = ['seq', 'at', 'severity', 'type', 'event', 'sessionId', 'redemptionId'] as const
const LAST_COLUMNS = ['tokenId', 'peerId', 'data', 'monotonic', 'v', 'hash'] as const

/** The text of an export, piece by piece. */
export async function* exportPieces(
  format: ExportFormat,
  records: AsyncIterable<HashedEntry>,
  { peerId, at }: ExportOrigin,
): AsyncGenerator<string> {
  switch (format) {
    case 'json':
      yield `{"v":${EXPORT_VERSION},"peerId":${jsonText(peerId)},"exportedAt":"${new Date(at).toISOString()}","records":`
      yield* jsonArray(records)
      yield '}\n'
      return
    case 'ndjson':
      for await (const record of records) yield `${jsonText(exported(record))}\n`
      return
    case 'csv':
      yield csvLine([...COLUMNS, ...LAST_COLUMNS])
      for await (const record of records) yield csvLine(cellsOf(record))
      return
    default:
      format satisfies never
  }
}

/** A list of records, one a line. */
export async function* jsonArray(records: AsyncIterable<HashedEntry>): AsyncGenerator<string> {
  let before = '[\n'
  for await (const record of records) {
    yield before + jsonText(exported(record))
    before = ',\n'
  }
  yield before === '[\n' ? '[]' : '\n]'
}

function exported({ entry, hash }: HashedEntry): ExportedRecord {
  return { ...auditDocument(entry), hash }
}

function cellsOf({ entry, hash }: HashedEntry): readonly string[] {
  const { seq, at, severity, type, sessionId, redemptionId, tokenId, peerId } = entry
  const { data, monotonic, v } = entry
  const event = [data['event'], data['command']].find((name) => typeof name === 'string')
  return [
    ...[String(seq), new Date(at).toISOString(), severity, type],
    ...[event, sessionId, redemptionId, tokenId, peerId].map((each) =>
      harmless(String(each ?? '')),
    ),
    ...[jsonText(data), String(monotonic), String(v), hash],
  ]
}
