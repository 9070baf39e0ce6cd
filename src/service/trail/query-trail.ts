import { auditRecords } from '../../store/audit/audit-records.ts'
import { type AuditFilter, auditSearch } from '../../store/audit/audit-search.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { type AuditEntry, auditEntry } from './audit-entry.ts'

export type { AuditFilter }

type TrailStore = Pick<RecordStore, 'query'>

/** A record and the hash that chains it to all before it, 64 hex digits. */
export interface HashedEntry {
  readonly entry: AuditEntry
  readonly hash: string
}

export interface TrailQuery extends AuditFilter {
  /** At most so many, the newest. @default all */
  readonly limit?: number
}

/**
 * The records that are wanted, oldest first, up to the newest there is when this begins. Holds some hundred at a time,
 * however many there are.
 * @throws StoreError, AuditRecordInvalidError
 */
export async function* queryTrail(
  store: TrailStore,
  { limit, ...filter }: TrailQuery,
): AsyncGenerator<HashedEntry> {
  const upTo = await store.query(() => auditRecords.lastSeq())
  let last = limit === undefined ? 0 : (await startOfNewest(store, filter, limit, upTo)) - 1
  for (;;) {
    const found = last >= upTo ? [] : await page(store, filter, last, upTo)
    const end = found.at(-1)
    if (end === undefined) return
    for (const { seq: _seq, ...record } of found) {
      if (isMeant(record.entry, filter)) yield record
    }
    last = end.seq
  }
}

/** With the number of the row: a record that says another one must not send the walk astray. */
async function page(
  store: TrailStore,
  filter: AuditFilter,
  after: number,
  upTo: number,
): Promise<readonly (HashedEntry & { readonly seq: number })[]> {
  const rows = await store.query(() => auditSearch.after(filter, after, upTo))
  return rows.map((row) => ({
    seq: row.seq,
    entry: auditEntry(row),
    hash: row.hash,
  }))
}

/** The number from which on there are so many. Counts from the end and keeps nothing. */
async function startOfNewest(
  store: TrailStore,
  filter: AuditFilter,
  count: number,
  upTo: number,
): Promise<number> {
  let missing = count
  let start = upTo + 1
  for (;;) {
    const rows = await store.query(() => auditSearch.before(filter, start))
    for (const row of rows) {
      start = row.seq
      if (isMeant(auditEntry(row), filter)) missing -= 1
      if (missing === 0) return start
    }
    if (rows.length === 0) return 1
  }
}

/** The store finds by text, which may stand in a record's data as well. */
function isMeant(entry: AuditEntry, filter: AuditFilter): boolean {
  const { tokenId, peerId, types, severities } = filter
  return (
    (types === undefined || types.includes(entry.type)) &&
    (severities === undefined || severities.includes(entry.severity)) &&
    (tokenId === undefined || entry.tokenId?.startsWith(tokenId) === true) &&
    (peerId === undefined ||
      entry.peerId?.startsWith(peerId) === true ||
      entry.peerId?.endsWith(peerId) === true)
  )
}
