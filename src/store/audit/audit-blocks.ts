import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { BlockFilter, type IdKind, mayHold } from '../../audit/record/block-filter.ts'
import { parseRecord } from '../../audit/record/parse-record.ts'
import { BLOCK_LEAVES } from '../../audit/tree/tree-levels.ts'
import { type RecordKeys, scanRecord } from '../../audit/verify/scan-record.ts'
import { blob, integer, type Row, text } from '../row/row.ts'

/** Filters that are looked at in one go. */
const PAGE = 256

/** Blocks that are searched in one go, so that no statement takes long. */
const MAX_RUN = 64

/** An id that every record wanted has to name. */
export interface WantedId {
  readonly kind: IdKind
  /** The whole of it. */
  readonly id: string
}

/** A stretch of the log: records after `after` and up to `upTo`. */
export interface Stretch {
  readonly after: number
  readonly upTo: number
}

/**
 * Which blocks of 256 records may name an invitation or a peer. An index over the ids would cost every append; this is
 * made in the background, when a checkpoint is taken, and a block that has no filter is searched.
 */
export class AuditBlocks {
  readonly #prepare: (sql: string) => StatementSync
  readonly #prepared = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#prepare = (sql) => database.prepare(sql)
  }

  /**
   * Make the filters of complete blocks that have none, inside a transaction.
   * @param size how far the log has grown
   * @param maxBlocks do no more than this at once
   * @returns whether there was no more to do
   * @throws AuditRecordInvalidError
   */
  grow(size: number, maxBlocks: number): boolean {
    const blocks = Math.floor(size / BLOCK_LEAVES)
    const from = this.#next()
    const to = Math.min(blocks, from + maxBlocks)
    for (let n = from; n < to; n += 1) this.#make(n)
    return to >= blocks
  }

  filter(n: number): Uint8Array | undefined {
    const row = this.#statement('SELECT filter FROM audit_blocks WHERE n = ?').get(n)
    return row === undefined ? undefined : blob(row, 'filter')
  }

  /** The last block that has a filter, -1 if none has. */
  last(): number {
    const n: unknown = this.#statement('SELECT max(n) AS n FROM audit_blocks').get()?.['n']
    return typeof n === 'number' ? n : -1
  }

  /** Records up to this one are gone. Inside a transaction. */
  removeUpTo(last: number): void {
    this.#statement('DELETE FROM audit_blocks WHERE n < ?').run(Math.floor(last / BLOCK_LEAVES))
  }

  /** The first part of a stretch where all these ids may be named; undefined if there is none. */
  firstPart(wanted: readonly WantedId[], { after, upTo }: Stretch): Stretch | undefined {
    if (wanted.length === 0 || after >= upTo) return after < upTo ? { after, upTo } : undefined
    const end = Math.ceil(upTo / BLOCK_LEAVES)
    let start: number | undefined
    for (let n = Math.floor(after / BLOCK_LEAVES); n < end; n += PAGE) {
      const filters = this.#filters(n, Math.min(end, n + PAGE))
      for (let at = n; at < Math.min(end, n + PAGE); at += 1) {
        const fits = mayHoldAll(filters.get(at), wanted)
        if (start === undefined && fits) start = at
        const isOver = start !== undefined && (!fits || at - start >= MAX_RUN)
        if (start !== undefined && isOver) return part(start, at, { after, upTo })
      }
    }
    return start === undefined ? undefined : part(start, end, { after, upTo })
  }

  /** The last part of a stretch where all these ids may be named; undefined if there is none. */
  lastPart(wanted: readonly WantedId[], { after, upTo }: Stretch): Stretch | undefined {
    if (wanted.length === 0 || after >= upTo) return after < upTo ? { after, upTo } : undefined
    const begin = Math.floor(after / BLOCK_LEAVES)
    let stop: number | undefined
    for (let n = Math.ceil(upTo / BLOCK_LEAVES); n > begin; n -= PAGE) {
      const filters = this.#filters(Math.max(begin, n - PAGE), n)
      for (let at = n - 1; at >= Math.max(begin, n - PAGE); at -= 1) {
        const fits = mayHoldAll(filters.get(at), wanted)
        if (stop === undefined && fits) stop = at + 1
        const isOver = stop !== undefined && (!fits || stop - at > MAX_RUN)
        if (stop !== undefined && isOver) return part(at + 1, stop, { after, upTo })
      }
    }
    return stop === undefined ? undefined : part(begin, stop, { after, upTo })
  }

  #make(n: number): void {
    const filter = new BlockFilter()
    const records = this.#statement('SELECT record FROM audit WHERE seq > ? AND seq <= ?')
    for (const row of records.all(n * BLOCK_LEAVES, (n + 1) * BLOCK_LEAVES)) {
      addTo(filter, keysOf(text(row, 'record')))
    }
    const put = 'INSERT OR REPLACE INTO audit_blocks (n, filter) VALUES (?, ?)'
    this.#statement(put).run(n, filter.bytes)
  }

  /** Without gaps from the first block that is there. */
  #next(): number {
    const last = this.last()
    if (last >= 0) return last + 1
    const first: unknown = this.#statement('SELECT min(seq) AS seq FROM audit').get()?.['seq']
    return typeof first === 'number' ? Math.floor((first - 1) / BLOCK_LEAVES) : 0
  }

  #filters(from: number, to: number): ReadonlyMap<number, Uint8Array> {
    const sql = 'SELECT n, filter FROM audit_blocks WHERE n >= ? AND n < ?'
    const rows: readonly Row[] = this.#statement(sql).all(...([from, to] satisfies SQLInputValue[]))
    return new Map(rows.map((row) => [integer(row, 'n'), blob(row, 'filter')]))
  }

  #statement(sql: string): StatementSync {
    const prepared = this.#prepared.get(sql) ?? this.#prepare(sql)
    this.#prepared.set(sql, prepared)
    return prepared
  }
}

function mayHoldAll(filter: Uint8Array | undefined, wanted: readonly WantedId[]): boolean {
  return filter === undefined || wanted.every(({ kind, id }) => mayHold(filter, kind, id))
}

/** Blocks from that one up to before the other, as far as they are asked for. */
function part(from: number, to: number, { after, upTo }: Stretch): Stretch {
  return {
    after: Math.max(after, from * BLOCK_LEAVES),
    upTo: Math.min(upTo, to * BLOCK_LEAVES),
  }
}

function keysOf(record: string): RecordKeys {
  return scanRecord(record) ?? parseRecord(record)
}

function addTo(filter: BlockFilter, { tokenId, peerId }: RecordKeys): void {
  if (tokenId !== undefined) filter.add('token', tokenId)
  if (peerId !== undefined) filter.add('peer', peerId)
}
