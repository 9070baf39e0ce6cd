import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import { readMarker } from '../../store/directory/store-marker.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { type StoreCounts, usageRecords } from '../../store/records/usage-records.ts'

/** Bytes on the disk, by what they are for. */
export interface FileBytes {
  /** The store's file; 0 for a store on a server, whose size is looked up with the rest of its usage. */
  readonly store: number
  /** Its write-ahead log. */
  readonly wal: number
  /** events.jsonl and the one before. */
  readonly events: number
}

/** The part of the store's file that each subsystem takes. */
export interface TableBytes {
  readonly audit: number
  readonly tallies: number
  readonly sessions: number
  readonly redemptions: number
  readonly other: number
}

export interface StoreUsage {
  readonly counts: StoreCounts
  readonly files: FileBytes
  readonly tables: TableBytes
}

/** Which tables belong to what; the rest is `other`. */
const SUBSYSTEMS: Readonly<Record<Exclude<keyof TableBytes, 'other'>, readonly string[]>> = {
  audit: ['audit'],
  tallies: ['tallies', 'tally_chunks'],
  sessions: ['sessions', 'journal'],
  redemptions: [
    'redemptions',
    'answers',
    'attempts',
    'free_slots',
    'declines',
    'denials',
    'notices',
    'pending_requests',
  ],
}

/** How full the store is. Reads much of it. @throws StoreError, StoreDamagedError */
export async function storeUsage(
  directory: DataDirectory,
  store: Omit<RecordStore, 'transact'>,
): Promise<StoreUsage> {
  const counts = await store.query(() => usageRecords.counts())
  const bytes = await store.tableBytes()
  const of = (tables: readonly string[]) =>
    tables.reduce((sum, table) => sum + (bytes.get(table) ?? 0), 0)
  const known = Object.values(SUBSYSTEMS).flat()
  const tables = {
    audit: of(SUBSYSTEMS.audit),
    tallies: of(SUBSYSTEMS.tallies),
    sessions: of(SUBSYSTEMS.sessions),
    redemptions: of(SUBSYSTEMS.redemptions),
    other: of([...bytes.keys()].filter((table) => !known.includes(table))),
  }
  const files = fileBytes(directory)
  // A server's disk is not looked into: its tables are what it has.
  const all = Object.values(tables).reduce((sum, each) => sum + each, 0)
  return { counts, files: isOnServer(directory) ? { ...files, store: all } : files, tables }
}

function isOnServer(directory: Pick<DataDirectory, 'storeFile'>): boolean {
  return readMarker(directory)?.place !== undefined
}

/** Sizes of the files that grow. Cheap. */
export function fileBytes(directory: DataDirectory): FileBytes {
  const { path, storeFile } = directory
  const events = join(path, 'events.jsonl')
  // A file of before that was left behind is not it.
  const isHere = !isOnServer(directory)
  return {
    store: isHere ? sizeOf(storeFile) : 0,
    wal: isHere ? sizeOf(`${storeFile}-wal`) : 0,
    events: sizeOf(events) + sizeOf(`${events}.1`),
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
