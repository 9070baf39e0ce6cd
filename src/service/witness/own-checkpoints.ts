import { consistencyProof, verifyConsistency } from '../../audit/tree/tree-proof.ts'
import { rangeRoot } from '../../audit/tree/tree-source.ts'
import type { ConsistencyProof } from '../../protocol/message/messages.ts'
import type { OwnCheckpoint } from '../../session/ports/witness.ts'
import { auditTree } from '../../store/audit/audit-tree.ts'
import { checkpointRecords, type StoredCheckpoint } from '../../store/audit/checkpoint-records.ts'
import { TrailBrokenError } from '../../store/errors.ts'
import type { Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { RememberedLeaves } from './remembered-leaves.ts'

/** The part of a store that witnesses need. */
export type WitnessStore = Pick<RecordStore, 'query' | 'transact'>

/** Proofs that are remembered: partners that came in the same minute hold the same checkpoint. */
const MAX_PROOFS = 64

/** Before anything was signed. */
const NONE = 0

/**
 * This party's newest checkpoint, for others. Only one that is on the disk is told: of what a crash takes back a partner
 * would keep a proof that this log was rolled back.
 */
export class OwnCheckpoints {
  readonly #store: WitnessStore
  /** The size of the newest one that is on the disk for certain, if that was found out. */
  #durable: number | undefined
  #looking: Promise<void> | undefined
  /** Of the newest one, by the size that each is from. */
  #proofs = new Map<number, ConsistencyProof | undefined>()
  #provenSize = NONE
  readonly #tree = new RememberedLeaves(auditTree)

  constructor(store: WitnessStore) {
    this.#store = store
  }

  /** Learns how far checkpoints are on the disk, whoever signed them: what a later commit reads is there. Never rejects. */
  prepare(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  /** Undefined if the newest one may yet be lost. @throws StoreError */
  async show(sizes: readonly number[]): Promise<OwnCheckpoint | undefined> {
    // What is found out meanwhile was not known to the question: its proofs were not made.
    const durable = this.#durable
    const { latest, proofs } = await this.#store.query(() => this.#newest(sizes, durable))
    if (sizeOf(latest) !== durable) return undefined
    if (latest === undefined) return {}
    return { note: latest.note, ...(proofs.length === 0 ? {} : { proofs }) }
  }

  async #look(): Promise<void> {
    try {
      const size = sizeOf(await this.#store.query(() => checkpointRecords.latest()))
      if (size === this.#durable) return
      this.#durable = sizeOf(await this.#store.transact(() => checkpointRecords.latest()))
    } catch {
      // Those who need the store tell that it fails; nothing is shown meanwhile.
    }
  }

  *#newest(
    sizes: readonly number[],
    durable: number | undefined,
  ): Query<{
    readonly latest: StoredCheckpoint | undefined
    readonly proofs: readonly ConsistencyProof[]
  }> {
    const latest = yield* checkpointRecords.latest()
    const proofs: ConsistencyProof[] = []
    // Nothing goes on from what may yet be lost, and it is not shown.
    if (latest === undefined || latest.size !== durable) return { latest, proofs }
    for (const from of sizes) {
      const proof = yield* this.#proof(from, latest)
      if (proof !== undefined) proofs.push(proof)
    }
    return { latest, proofs }
  }

  *#proof(from: number, latest: StoredCheckpoint): Query<ConsistencyProof | undefined> {
    const { size } = latest
    if (from >= size) return undefined
    if (this.#provenSize !== size) {
      this.#proofs.clear()
      this.#provenSize = size
    }
    if (!this.#proofs.has(from)) {
      const proof = yield* this.#prove(from, latest)
      if (this.#proofs.size >= MAX_PROOFS) this.#proofs.clear()
      if (this.#provenSize === size) this.#proofs.set(from, proof)
      return proof
    }
    return this.#proofs.get(from)
  }

  /**
   * Undefined if there is none any more: records of that block were removed, or what is stored of the tree does not lead
   * to what was signed. A proof made of that would be taken for that of a fork.
   */
  *#prove(from: number, { size, note }: StoredCheckpoint): Query<ConsistencyProof | undefined> {
    try {
      const hashes = yield* consistencyProof(this.#tree, from, size)
      const before = yield* rangeRoot(this.#tree, 0, from)
      if (!verifyConsistency(from, before, size, rootIn(note), hashes)) return undefined
      return { from, hashes: hashes.map((hash) => Buffer.from(hash).toString('hex')) }
    } catch (error) {
      if (error instanceof TrailBrokenError) return undefined
      throw error
    }
  }
}

/** The third line of this node's own checkpoint. */
function rootIn(note: string): Uint8Array {
  return Buffer.from(note.split('\n')[2] ?? '', 'base64')
}

function sizeOf(checkpoint: StoredCheckpoint | undefined): number {
  return checkpoint?.size ?? NONE
}
