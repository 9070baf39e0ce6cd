import { consistencyProof, verifyConsistency } from '../../audit/tree/tree-proof.ts'
import { rangeRoot } from '../../audit/tree/tree-source.ts'
import type { ConsistencyProof } from '../../protocol/message/messages.ts'
import type { OwnCheckpoint } from '../../session/ports/witness.ts'
import type { StoredCheckpoint } from '../../store/audit/checkpoints.ts'
import { TrailBrokenError } from '../../store/errors.ts'
import type { Store } from '../../store/transaction/store.ts'
import { RememberedLeaves } from './remembered-leaves.ts'

/** The part of a store that witnesses need. */
export type WitnessStore = Pick<Store, 'read' | 'write' | 'repositories'>

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
  #isLooking = false
  /** Of the newest one, by the size that each is from. */
  #proofs = new Map<number, ConsistencyProof | undefined>()
  #provenSize = NONE
  readonly #tree: RememberedLeaves

  constructor(store: WitnessStore) {
    this.#store = store
    this.#tree = new RememberedLeaves(store.repositories.tree)
  }

  /** Learns how far checkpoints are on the disk, whoever signed them: what a later commit reads is there. */
  prepare(): void {
    if (this.#isLooking || sizeOf(this.#latest()) === this.#durable) return
    this.#isLooking = true
    this.#store
      .write(({ checkpoints }) => sizeOf(checkpoints.latest()))
      .then(
        (size) => {
          this.#durable = size
        },
        // Those who need the store tell that it fails; nothing is shown meanwhile.
        () => undefined,
      )
      .finally(() => {
        this.#isLooking = false
      })
  }

  /** Undefined if the newest one may yet be lost. @throws StoreError */
  show(sizes: readonly number[]): OwnCheckpoint | undefined {
    const latest = this.#latest()
    const size = sizeOf(latest)
    if (size !== this.#durable) return undefined
    if (latest === undefined || size === NONE) return {}
    const proofs = sizes.flatMap((from) => this.#proof(from, latest) ?? [])
    return { note: latest.note, ...(proofs.length === 0 ? {} : { proofs }) }
  }

  #latest(): StoredCheckpoint | undefined {
    return this.#store.read(({ checkpoints }) => checkpoints.latest())
  }

  #proof(from: number, latest: StoredCheckpoint): ConsistencyProof | undefined {
    const { size } = latest
    if (from >= size) return undefined
    if (this.#provenSize !== size) {
      this.#proofs.clear()
      this.#provenSize = size
    }
    if (!this.#proofs.has(from)) {
      if (this.#proofs.size >= MAX_PROOFS) this.#proofs.clear()
      this.#proofs.set(from, this.#prove(from, latest))
    }
    return this.#proofs.get(from)
  }

  /**
   * Undefined if there is none any more: records of that block were removed, or what is stored of the tree does not lead
   * to what was signed. A proof made of that would be taken for that of a fork.
   */
  #prove(from: number, { size, note }: StoredCheckpoint): ConsistencyProof | undefined {
    try {
      return this.#store.read(() => {
        const hashes = consistencyProof(this.#tree, from, size)
        const before = rangeRoot(this.#tree, 0, from)
        if (!verifyConsistency(from, before, size, rootIn(note), hashes)) return undefined
        return { from, hashes: hashes.map((hash) => Buffer.from(hash).toString('hex')) }
      })
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
