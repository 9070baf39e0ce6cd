import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { verifyConsistency } from '../tree/tree-proof.ts'

/** The checkpoints of another party's log that a witness keeps. */
export interface WitnessedLog {
  /** The newest one that is proven to continue all that were in this place before it. */
  readonly proven: Checkpoint
  /** Signed by that party too, but not proven so far to belong to the same log. */
  readonly open: readonly Checkpoint[]
}

/** The checkpoint that the log's owner shows now. */
export interface ShownLog extends Checkpoint {
  /** Sizes of its log that are known here, as the owner was told before it chose what to show. */
  readonly announced: readonly number[]
  /** Consistency proofs, by the size that each proves from. */
  readonly proofs: ReadonlyMap<number, readonly Uint8Array[]>
}

export type Judgement =
  /** It continues the proven one, and takes its place. `settled`: sizes of open ones that belong to it. */
  | { readonly kind: 'proven'; readonly settled: readonly number[] }
  /**
   * Nothing speaks against it, and nothing shows that it belongs to the same log. `withheld`: its owner was asked for
   * that proof, and gave none.
   */
  | {
      readonly kind: 'open'
      readonly settled: readonly number[]
      readonly withheld: boolean
    }
  /** No log can have both. */
  | { readonly kind: 'forked'; readonly against: Checkpoint }
  /** It is smaller than a checkpoint that the owner had shown before and was reminded of. */
  | { readonly kind: 'rolled_back'; readonly against: Checkpoint }

/**
 * Judges whether the log that a party shows now can be the one whose checkpoints were kept. An honest owner is never
 * accused, whatever the order in which its checkpoints come, and whatever either side forgets in a crash: it signs only
 * records that can't be lost any more, and shows the newest checkpoint that it signed.
 */
export function judge(log: WitnessedLog | undefined, shown: ShownLog): Judgement {
  if (log === undefined) return { kind: 'proven', settled: [] }
  const all = [log.proven, ...log.open]
  const twin = all.find(({ size }) => size === shown.size)
  if (twin !== undefined && !isSame(twin, shown)) return { kind: 'forked', against: twin }
  const older = remindedOf(all, shown)
  if (older !== undefined) return { kind: 'rolled_back', against: older }
  const belonging = new Set<Checkpoint>()
  for (const kept of all) {
    const proof = kept.size < shown.size ? shown.proofs.get(kept.size) : undefined
    if (proof === undefined) continue
    if (!goesOn(kept, shown, proof)) return { kind: 'forked', against: kept }
    belonging.add(kept)
  }
  const isProven = twin === log.proven || belonging.has(log.proven)
  const settled = log.open
    .filter((kept) => belonging.has(kept) || (isProven && kept === twin))
    .map(({ size }) => size)
  if (isProven) return { kind: 'proven', settled }
  const { size } = log.proven
  return { kind: 'open', settled, withheld: size < shown.size && shown.announced.includes(size) }
}

/** Returns the largest kept one, if the owner was told of a size that is larger than what it shows. */
function remindedOf(all: readonly Checkpoint[], shown: ShownLog): Checkpoint | undefined {
  if (!shown.announced.some((size) => size > shown.size)) return undefined
  return all
    .filter(({ size }) => size > shown.size)
    .toSorted((a, b) => a.size - b.size)
    .at(-1)
}

function goesOn(from: Checkpoint, to: Checkpoint, proof: readonly Uint8Array[]): boolean {
  return verifyConsistency(from.size, from.root, to.size, to.root, proof)
}

function isSame(a: Checkpoint, b: Checkpoint): boolean {
  return Buffer.compare(a.root, b.root) === 0
}
