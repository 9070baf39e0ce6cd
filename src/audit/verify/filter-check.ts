import { BlockFilter } from '../record/block-filter.ts'
import { BLOCK_LEAVES } from '../tree/tree-levels.ts'
import type { RecordKeys } from './scan-record.ts'
import type { TrailFault } from './trail-fault.ts'

/** What is stored of the filters by which records are found. */
export interface StoredFilters {
  /** Of the records `256 n + 1` to `256 n + 256`; undefined if that block is searched anyway. */
  filter(n: number): Uint8Array | undefined
  /** The last block that has one, -1 if none has. */
  last(): number
}

/** Whether the stored filters are those of the records: a wrong one hides some from who looks for an id. */
export class FilterCheck {
  readonly #stored: StoredFilters
  readonly #filter = new BlockFilter()
  #fault: TrailFault | undefined

  constructor(stored: StoredFilters) {
    this.#stored = stored
  }

  see(seq: number, { tokenId, peerId }: RecordKeys): void {
    if (tokenId !== undefined) this.#filter.add('token', tokenId)
    if (peerId !== undefined) this.#filter.add('peer', peerId)
    if (seq % BLOCK_LEAVES !== 0) return
    const stored = this.#stored.filter(seq / BLOCK_LEAVES - 1)
    const isSame = stored === undefined || Buffer.compare(stored, this.#filter.bytes) === 0
    this.#filter.clear()
    if (!isSame) this.#fault ??= { seq: seq - BLOCK_LEAVES + 1, problem: 'hidden', upTo: seq }
  }

  /**
   * The first one, if there is nothing else wrong: over records that were changed, a filter is another one too. A filter
   * of a block that is not complete would hide what comes into it.
   */
  faultOf(size: number): TrailFault | undefined {
    if (this.#fault !== undefined) return this.#fault
    const complete = Math.floor(size / BLOCK_LEAVES)
    if (this.#stored.last() < complete) return undefined
    return { seq: complete * BLOCK_LEAVES + 1, problem: 'hidden' }
  }
}
