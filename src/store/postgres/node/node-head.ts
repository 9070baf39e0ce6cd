import { type ChainHead, EMPTY_CHAIN } from '../../../audit/record/chain.ts'
import { NodeSupersededError, StoreHistoryLostError } from '../../errors.ts'
import { blob, integer, optionalBlob, optionalInteger, type Row } from '../../row/row.ts'
import type { StorePlace } from '../connection/store-place.ts'

/** The node that a process works as. */
export interface OwnNode {
  readonly node: number
  /** The listener's: void once another has raised it. Left out by a command beside it, which lasts as long as its transaction. */
  readonly epoch?: number | undefined
}

/** A node that this process holds. */
export interface TakenNode extends OwnNode {
  readonly epoch: number
}

/** The node of a process that may come to hold it. All that writes for it knows at once. */
export class StoreNode implements OwnNode {
  readonly node: number
  #epoch: number | undefined

  constructor(node: number) {
    this.node = node
  }

  get epoch(): number | undefined {
    return this.#epoch
  }

  taken({ epoch }: TakenNode): void {
    this.#epoch = epoch
  }
}

/** The end of the node's audit while its row is locked. */
export interface LockedHead extends ChainHead {
  /** Records up to this one are removed, 0 if none is. */
  readonly removedUpTo: number
}

/** A look at the node's row. Made anew each time: it compares with what was known when it was made. */
export interface HeadLook {
  /** SQL without values. Asked after the row was locked, by a statement of its own: this one would be as of before. */
  readonly question: string
  /**
   * Judges the row.
   * @throws StoreHistoryLostError, NodeSupersededError, RowInvalidError
   */
  read(row: Row | undefined): LockedHead
}

/**
 * The head of the node's audit, as this process knows it to be committed. The server must not know less: then it has lost
 * what was acknowledged.
 */
export class NodeHead {
  readonly #place: StorePlace
  readonly #own: OwnNode
  #known: ChainHead = EMPTY_CHAIN

  constructor(place: StorePlace, own: OwnNode) {
    this.#place = place
    this.#own = own
  }

  look(): HeadLook {
    const { node } = this.#own
    const known = this.#known
    const question = `
      SELECT epoch, head_seq, head_hash, retired_at,
        (SELECT max(last) FROM audit_closed_segments
          WHERE node = ${node} AND removed_at IS NOT NULL) AS removed,
        (SELECT hash FROM audit_records WHERE node = ${node} AND seq = ${known.seq}) AS known_hash
      FROM nodes WHERE node = ${node}`
    return { question, read: (row) => this.#judged(row, known) }
  }

  /** The last one that is known to be committed. */
  get known(): ChainHead {
    return this.#known
  }

  /** Notes a head that is committed. */
  committed({ seq, hash }: ChainHead): void {
    if (seq > this.#known.seq) this.#known = { seq, hash }
  }

  #judged(row: Row | undefined, { seq, hash }: ChainHead): LockedHead {
    const { name } = this.#place
    const { epoch } = this.#own
    if (row === undefined) throw new StoreHistoryLostError(name, seq)
    if (row['retired_at'] !== null || (epoch !== undefined && integer(row, 'epoch') !== epoch)) {
      throw new NodeSupersededError(name)
    }
    const removedUpTo = optionalInteger(row, 'removed') ?? 0
    const head = { seq: integer(row, 'head_seq'), hash: blob(row, 'head_hash') }
    // Another process of this node may have gone on from there, and may have removed it since.
    const there = seq === head.seq ? head.hash : optionalBlob(row, 'known_hash')
    const isThere = there === undefined ? seq <= removedUpTo : Buffer.compare(there, hash) === 0
    if (!isThere) throw new StoreHistoryLostError(name, seq)
    return { ...head, removedUpTo }
  }
}
