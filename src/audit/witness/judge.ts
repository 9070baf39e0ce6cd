import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { verifyConsistency } from '../tree/tree-proof.ts'

/** What a witness keeps of another party's log. */
export interface WitnessedLog {
  /** The newest one that is known to go on from all that were in this place before it. */
  readonly proven: Checkpoint
  /** Signed by that party too, and not shown to belong to the same log so far. */
  readonly open: readonly Checkpoint[]
}

/** What its owner shows. */
export interface ShownLog extends Checkpoint {
  /** The owner was told, before it chose what to show, that these sizes of its log are known. */
  readonly announced: readonly number[]
  /** By the size that each proves from. */
  readonly proofs: ReadonlyMap<number, readonly Uint8Array[]>
}

export type Judgement =
  /** It goes on from what is proven, and takes its place. `settled`: open ones that belong to it. */
  | { readonly kind: 'proven'; readonly settled: readonly number[] }
  /**
   * Nothing speaks against it, and nothing shows that it belongs to the same log. `withheld`: its owner was asked for
   * the proof that would show it, and gave none.
   */
  | {
      readonly kind: 'open'
      readonly settled: readonly number[]
      readonly withheld: boolean
    }
  /** No log can have both. */
  | { readonly kind: 'forked'; readonly against: Checkpoint }
  /** It is smaller than what the owner had shown before, and was reminded of. */
  | { readonly kind: 'rolled_back'; readonly against: Checkpoint }

/**
 * Whether one party's log, of which some checkpoints were kept, can be the one that it shows now. An honest owner is
 * never accused, in whatever order its words come, and whatever either side forgets in a crash: it signs only what can't be
 * lost any more, and shows the newest that it signed.
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

/** The largest that is known, if the owner was told of one that is larger than what it shows. */
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
