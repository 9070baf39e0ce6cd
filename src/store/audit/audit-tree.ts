import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { segmentHead } from '../../audit/checkpoint/segment-note.ts'
import { type ChainHead, chainHash, EMPTY_CHAIN, leafHash } from '../../audit/record/chain.ts'
import { TreeGrower } from '../../audit/tree/tree-grower.ts'
import { BLOCK_LEAVES, TOP_LEVEL, type TreeNode } from '../../audit/tree/tree-levels.ts'
import { growByNodes, rangeRoot, type TreeSource } from '../../audit/tree/tree-source.ts'
import { TrailBrokenError } from '../errors.ts'
import { blob, integer, text } from '../row/row.ts'

/**
 * The RFC 6962 tree over the audit. Appending a record does not touch it: new records are folded in before a checkpoint is
 * signed, and checked against the chain meanwhile. Only complete nodes are stored. Older records are not read again, so
 * each record costs three hashes, once.
 */
export class AuditTree implements TreeSource {
  readonly #put: StatementSync
  readonly #nodes: StatementSync
  readonly #dropPast: StatementSync
  readonly #node: StatementSync
  readonly #grown: StatementSync
  readonly #records: StatementSync
  readonly #hash: StatementSync
  readonly #sealed: StatementSync

  constructor(database: DatabaseSync) {
    this.#put = database.prepare(
      'INSERT OR REPLACE INTO audit_tree (level, n, hash) VALUES (?, ?, ?)',
    )
    this.#nodes = database.prepare(
      'SELECT n, hash FROM audit_tree WHERE level = ? AND n >= ? AND n < ? ORDER BY n',
    )
    this.#dropPast = database.prepare('DELETE FROM audit_tree WHERE level = ? AND n >= ?')
    this.#node = database.prepare('SELECT hash FROM audit_tree WHERE level = ? AND n = ?')
    this.#grown = database.prepare('SELECT max(n) AS n FROM audit_tree WHERE level = 1')
    this.#records = database.prepare(
      'SELECT seq, record, hash FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq',
    )
    this.#hash = database.prepare('SELECT hash FROM audit WHERE seq = ?')
    this.#sealed = database.prepare('SELECT note FROM audit_segments WHERE last = ?')
  }

  /** Returns the stored nodes up to the first that is missing: those after it cover other records. */
  nodes(level: number, from: number, to: number): readonly Uint8Array[] {
    const rows = this.#nodes.all(level, from, to)
    const gap = rows.findIndex((row, at) => integer(row, 'n') !== from + at)
    return (gap < 0 ? rows : rows.slice(0, gap)).map((row) => blob(row, 'hash'))
  }

  /** Deletes all nodes that cover a record after that one. */
  dropPast(size: number): void {
    for (let level = 1; level <= TOP_LEVEL; level += 1) {
      this.#dropPast.run(level, Math.floor(size / BLOCK_LEAVES ** level))
    }
  }

  node(level: number, n: number): Uint8Array | undefined {
    const row = this.#node.get(level, n)
    return row === undefined ? undefined : blob(row, 'hash')
  }

  /** Returns the leaf hashes of records `from + 1` to `to`. @throws TrailBrokenError if one is missing or was changed */
  leaves(from: number, to: number): readonly Uint8Array[] {
    let { hash } = this.headAt(from)
    const leaves: Uint8Array[] = []
    for (const row of this.#records.all(from, to)) {
      const seq = from + leaves.length + 1
      const leaf = leafHash(text(row, 'record'))
      hash = chainHash(hash, leaf)
      const isSound = integer(row, 'seq') === seq && Buffer.compare(hash, blob(row, 'hash')) === 0
      if (!isSound) throw new TrailBrokenError(seq)
      leaves.push(leaf)
    }
    if (leaves.length < to - from) throw new TrailBrokenError(from + leaves.length + 1)
    return leaves
  }

  /**
   * Folds in the complete new blocks of 256 records, inside a transaction.
   * @param size number of records in the log
   * @param maxBlocks blocks to fold in at most
   * @returns true if nothing is left to do
   * @throws TrailBrokenError
   */
  grow(size: number, maxBlocks: number): boolean {
    const blocks = Math.floor(size / BLOCK_LEAVES)
    if (this.#blocks() >= blocks) return true
    const complete: TreeNode[] = []
    const grower = new TreeGrower((node) => complete.push(node))
    growByNodes(grower, this, 0, blocks * BLOCK_LEAVES)
    // After the last node, or where the first is missing that somebody deleted.
    const from = grower.size / BLOCK_LEAVES
    const to = Math.min(blocks, from + maxBlocks)
    for (let block = from; block < to; block += 1) {
      const begin = block * BLOCK_LEAVES
      for (const leaf of this.leaves(begin, begin + BLOCK_LEAVES)) grower.append(leaf)
    }
    for (const { level, n, hash } of complete) this.#put.run(level, n, hash)
    return to === blocks
  }

  /** Returns the root over records 1 to `size`. @throws TrailBrokenError */
  root(size: number): Uint8Array {
    return rangeRoot(this, 0, size)
  }

  #blocks(): number {
    const n: unknown = this.#grown.get()?.['n']
    return typeof n === 'number' ? n + 1 : 0
  }

  /** Returns the chain's head at that record; 0 means before the first. @throws TrailBrokenError if it is missing */
  headAt(seq: number): ChainHead {
    if (seq === 0) return EMPTY_CHAIN
    const row = this.#hash.get(seq)
    if (row !== undefined) return { seq, hash: blob(row, 'hash') }
    // If the record was removed, a segment's stub ends with it.
    const sealed = this.#sealed.get(seq)
    if (sealed === undefined) throw new TrailBrokenError(seq)
    return { seq, hash: segmentHead(text(sealed, 'note')) }
  }
}
