import { segmentHead } from '../../audit/checkpoint/segment-note.ts'
import { type ChainHead, chainHash, EMPTY_CHAIN, leafHash } from '../../audit/record/chain.ts'
import { TreeGrower } from '../../audit/tree/tree-grower.ts'
import { BLOCK_LEAVES, TOP_LEVEL, type TreeNode } from '../../audit/tree/tree-levels.ts'
import { growByNodes, rangeRoot, type TreeSource } from '../../audit/tree/tree-source.ts'
import { TrailBrokenError } from '../errors.ts'
import {
  change,
  type Query,
  type QueryStep,
  type StepResult,
  selectAll,
  selectOne,
} from '../query/query.ts'
import { blob, integer, text } from '../row/row.ts'
import { segmentRecords } from './segment-records.ts'

const NODES = 'SELECT n, hash FROM audit_tree WHERE level = ?1 AND n >= ?2 AND n < ?3 ORDER BY n'

const RECORDS = 'SELECT seq, record, hash FROM audit WHERE seq > ?1 AND seq <= ?2 ORDER BY seq'

/** A tree that is read from a store. */
export type StoredTree = TreeSource<QueryStep, StepResult>

/**
 * The RFC 6962 tree over the audit. Appending a record does not touch it: new records are folded in before a checkpoint is
 * signed, and checked against the chain meanwhile. Only complete nodes are stored. Older records are not read again, so
 * each record costs three hashes, once.
 */
export const auditTree = {
  /** Returns the stored nodes up to the first that is missing: those after it cover other records. */
  *nodes(level: number, from: number, to: number): Query<readonly Uint8Array[]> {
    const rows = yield* selectAll(NODES, level, from, to)
    const gap = rows.findIndex((row, at) => integer(row, 'n') !== from + at)
    return (gap < 0 ? rows : rows.slice(0, gap)).map((row) => blob(row, 'hash'))
  },

  /** Deletes all nodes that cover a record after that one. */
  *dropPast(size: number): Query<void> {
    for (let level = 1; level <= TOP_LEVEL; level += 1) {
      const n = Math.floor(size / BLOCK_LEAVES ** level)
      yield* change('DELETE FROM audit_tree WHERE level = ?1 AND n >= ?2', level, n)
    }
  },

  /** Returns the leaf hashes of records `from + 1` to `to`. @throws TrailBrokenError if one is missing or was changed */
  *leaves(from: number, to: number): Query<readonly Uint8Array[]> {
    let { hash } = yield* auditTree.headAt(from)
    const leaves: Uint8Array[] = []
    for (const row of yield* selectAll(RECORDS, from, to)) {
      const seq = from + leaves.length + 1
      const leaf = leafHash(text(row, 'record'))
      hash = chainHash(hash, leaf)
      const isSound = integer(row, 'seq') === seq && Buffer.compare(hash, blob(row, 'hash')) === 0
      if (!isSound) throw new TrailBrokenError(seq)
      leaves.push(leaf)
    }
    if (leaves.length < to - from) throw new TrailBrokenError(from + leaves.length + 1)
    return leaves
  },

  /**
   * Folds in the complete new blocks of 256 records.
   * @param size number of records in the log
   * @param maxBlocks blocks to fold in at most
   * @returns true if nothing is left to do
   * @throws TrailBrokenError
   */
  *grow(size: number, maxBlocks: number): Query<boolean> {
    const blocks = Math.floor(size / BLOCK_LEAVES)
    if ((yield* storedBlocks()) >= blocks) return true
    const complete: TreeNode[] = []
    const grower = new TreeGrower((node) => complete.push(node))
    yield* growByNodes(grower, auditTree, 0, blocks * BLOCK_LEAVES)
    // After the last node, or where the first is missing that somebody deleted.
    const from = grower.size / BLOCK_LEAVES
    const to = Math.min(blocks, from + maxBlocks)
    for (let block = from; block < to; block += 1) {
      const begin = block * BLOCK_LEAVES
      for (const leaf of yield* auditTree.leaves(begin, begin + BLOCK_LEAVES)) grower.append(leaf)
    }
    for (const node of complete) yield* put(node)
    return to === blocks
  },

  /** Returns the root over records 1 to `size`. @throws TrailBrokenError */
  *root(size: number): Query<Uint8Array> {
    return yield* rangeRoot(auditTree, 0, size)
  },

  /** Returns the chain's head at that record; 0 means before the first. @throws TrailBrokenError if it is missing */
  *headAt(seq: number): Query<ChainHead> {
    if (seq === 0) return EMPTY_CHAIN
    const row = yield* selectOne('SELECT hash FROM audit WHERE seq = ?1', seq)
    if (row !== undefined) return { seq, hash: blob(row, 'hash') }
    // If the record was removed, a segment's stub ends with it.
    const note = yield* segmentRecords.noteEndingAt(seq)
    if (note === undefined) throw new TrailBrokenError(seq)
    return { seq, hash: segmentHead(note) }
  },
}

/** Takes the place of what is stored for the same records. */
function* put({ level, n, hash }: TreeNode): Query<void> {
  yield* change('DELETE FROM audit_tree WHERE level = ?1 AND n = ?2', level, n)
  yield* change('INSERT INTO audit_tree (level, n, hash) VALUES (?1, ?2, ?3)', level, n, hash)
}

function* storedBlocks(): Query<number> {
  const row = yield* selectOne(
    'SELECT coalesce(max(n) + 1, 0) AS blocks FROM audit_tree WHERE level = 1',
  )
  return integer(row ?? {}, 'blocks')
}
