import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { NoteKey } from '../checkpoint/note-key.ts'
import type { Segment } from '../checkpoint/segment-note.ts'
import { type ChainHead, EMPTY_CHAIN } from '../record/chain.ts'
import { TreeGrower } from '../tree/tree-grower.ts'
import type { TreeNode } from '../tree/tree-levels.ts'
import { growByNodes } from '../tree/tree-source.ts'
import { nextRecord } from './record-step.ts'
import { ThreadCheck } from './thread-check.ts'
import type { TrailFault } from './trail-fault.ts'
import { marksOf, segmentsOf, type TrailMark } from './trail-marks.ts'
import type { TrailRow, TrailSource } from './trail-source.ts'
import { TreeCheck } from './tree-check.ts'

/** One walk over a log. */
export class TrailWalk<Step, Answer> {
  head: ChainHead = EMPTY_CHAIN
  records = 0
  provenUpTo: number | null = null
  signedUpTo: number | null = null
  removedUpTo = 0
  readonly #source: TrailSource<Step, Answer>
  readonly #segments: readonly (Segment | undefined)[]
  readonly #marks: readonly TrailMark[]
  readonly #threads = new ThreadCheck()
  readonly #tree: TreeCheck<Step, Answer>
  /** Nodes that are complete and were not compared yet. */
  readonly #complete: TreeNode[] = []
  readonly #grower = new TreeGrower((node) => this.#complete.push(node))
  #nextMark = 0
  /** The first hidden record, and how far the log was good before it. */
  #hidden:
    | { readonly fault: TrailFault; readonly head: ChainHead; readonly records: number }
    | undefined

  constructor(source: TrailSource<Step, Answer>, key: NoteKey, outside: readonly Checkpoint[]) {
    this.#source = source
    this.#segments = segmentsOf(source, key)
    this.#marks = marksOf(source, this.#segments, outside, key)
    this.#tree = new TreeCheck(source.tree)
  }

  *run(): Generator<Step, TrailFault | undefined, Answer> {
    const fault = yield* this.#walk()
    const hidden = this.#hidden
    if (hidden === undefined || (fault !== undefined && fault.seq <= hidden.fault.seq)) return fault
    this.head = hidden.head
    this.records = hidden.records
    return hidden.fault
  }

  *#walk(): Generator<Step, TrailFault | undefined, Answer> {
    const before = (yield* this.#skipRemoved()) ?? this.#heldAgainst(this.head.seq)
    if (before !== undefined) return before
    let last = Number.MIN_SAFE_INTEGER
    for (;;) {
      const rows = yield* this.#source.after(last)
      const end = rows.at(-1)
      if (end === undefined) return this.#end()
      const fault = yield* this.#steps(rows)
      if (fault !== undefined) return fault
      last = end.seq
    }
  }

  *#steps(rows: readonly TrailRow[]): Generator<Step, TrailFault | undefined, Answer> {
    for (const row of rows) {
      const thread = this.#threads.unknown(row)
      if (thread !== undefined) {
        this.#threads.learn(thread, yield* this.#source.threadAt(thread))
      }
      const fault = this.#grow(row)
      if (fault !== undefined) return fault
      if (this.#complete.length > 0) {
        const other = yield* this.#tree.check(this.#complete.splice(0))
        if (other !== undefined) return other
      }
      const rewritten = this.#arrive(row)
      if (rewritten !== undefined) return rewritten
    }
    return undefined
  }

  #grow(row: TrailRow): TrailFault | undefined {
    const seq = this.head.seq + 1
    const good = nextRecord(row, this.head)
    if (typeof good === 'string') return { seq, problem: good }
    if (!this.#threads.isFound(row, good.keys)) this.#hide(seq)
    this.#grower.append(good.leaf)
    return undefined
  }

  #arrive({ seq, hash }: TrailRow): TrailFault | undefined {
    this.head = { seq, hash }
    this.records += 1
    return this.#marks[this.#nextMark]?.size === seq ? this.#heldAgainst(seq) : undefined
  }

  /** Notes a hidden record and goes on: if the log was chained anew before it, a mark behind it will show that. */
  #hide(seq: number): void {
    const { head, records } = this
    this.#hidden ??= { fault: { seq, problem: 'hidden' }, head, records }
  }

  /** Begins the walk after the records that were removed, with the hashes in their stubs. */
  *#skipRemoved(): Generator<Step, TrailFault | undefined, Answer> {
    for (const [index, segment] of this.#segments.entries()) {
      const seq = this.#source.segments[index]?.first ?? 1
      if (segment === undefined) return { seq, problem: 'foreign_key' }
      const { previous, first, last, head, removed } = segment
      if (removed === undefined) continue
      const isNext = first === this.head.seq + 1 && sameBytes(previous, this.head.hash)
      if (!isNext) return { seq, problem: 'hash_mismatch' }
      yield* growByNodes(this.#grower, this.#source.tree, 0, last)
      if (this.#grower.size !== last) return { seq, problem: 'tree_mismatch' }
      this.head = { seq: last, hash: head }
      this.removedUpTo = last
      if (!sameBytes(this.#grower.root(), segment.root)) return { seq, problem: 'tree_mismatch' }
    }
    return undefined
  }

  /** Compares the marks of this size. Those inside a removed stretch nothing can show. */
  #heldAgainst(seq: number): TrailFault | undefined {
    for (; ; this.#nextMark += 1) {
      const mark = this.#marks[this.#nextMark]
      if (mark === undefined || mark.size > seq) return undefined
      if (mark.size < seq) continue
      const fault = this.#against(mark)
      if (fault !== undefined) return fault
    }
  }

  #against({ size, kind, root, head }: TrailMark): TrailFault | undefined {
    if (root === undefined) return { seq: Math.max(1, size), problem: 'foreign_key' }
    const isSame =
      sameBytes(root, this.#grower.root()) &&
      (head === undefined || sameBytes(head, this.head.hash))
    if (!isSame) return this.#rewritten(size, kind)
    if (kind === 'outside') this.provenUpTo = size
    else this.signedUpTo = size
    return undefined
  }

  /** A stored checkpoint may have been rewritten with the log: it counts for nothing against one from outside. */
  #rewritten(size: number, kind: TrailMark['kind']): TrailFault {
    const proven = this.provenUpTo ?? 0
    const good = kind === 'outside' ? proven : Math.max(proven, this.signedUpTo ?? 0)
    const seq = Math.min(good + 1, Math.max(1, size))
    return { seq, problem: 'rewritten', upTo: size }
  }

  #end(): TrailFault | undefined {
    // A mark of a longer log: the end is gone.
    const beyond = this.#marks.slice(this.#nextMark).find(({ root }) => root !== undefined)
    if (beyond !== undefined)
      return { seq: this.head.seq + 1, problem: 'missing', upTo: beyond.size }
    const forged = this.#marks[this.#nextMark]
    return forged === undefined ? undefined : { seq: forged.size, problem: 'foreign_key' }
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
