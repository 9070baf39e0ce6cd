import { nodeHash } from './tree-hash.ts'
import { rangeRoot, type TreeSource } from './tree-source.ts'

/**
 * Proves that the tree of `oldSize` leaves is the beginning of the one of `size`: RFC 6962, 2.1.2.
 * @param oldSize 1 to `size`
 */
export function* consistencyProof<Step, Answer>(
  source: TreeSource<Step, Answer>,
  oldSize: number,
  size: number,
): Generator<Step, Uint8Array[], Answer> {
  const proof: Uint8Array[] = []
  let [begin, end, isWhole] = [0, size, true]
  while (end > oldSize) {
    const middle = begin + splitOf(end - begin)
    if (oldSize <= middle) {
      proof.unshift(yield* rangeRoot(source, middle, end))
      end = middle
    } else {
      proof.unshift(yield* rangeRoot(source, begin, middle))
      begin = middle
      isWhole = false
    }
  }
  return isWhole ? proof : [yield* rangeRoot(source, begin, end), ...proof]
}

/** Returns true if the proof shows that the tree with `oldRoot` is the beginning of the one with `root`. */
export function verifyConsistency(
  oldSize: number,
  oldRoot: Uint8Array,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (oldSize > size || oldSize < 0) return false
  if (oldSize === size) return proof.length === 0 && sameHash(oldRoot, root)
  // The empty tree is the beginning of every tree.
  if (oldSize === 0) return proof.length === 0
  let [place, last] = [oldSize - 1, size - 1]
  while (place % 2 === 1) [place, last] = [half(place), half(last)]
  const [first, ...others] = place === 0 ? [oldRoot, ...proof] : proof
  if (first === undefined) return false
  let [before, after] = [first, first]
  for (const hash of others) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      before = nodeHash(hash, before)
      after = nodeHash(hash, after)
      while (place % 2 === 0 && place > 0) [place, last] = [half(place), half(last)]
    } else {
      after = nodeHash(after, hash)
    }
    ;[place, last] = [half(place), half(last)]
  }
  return last === 0 && sameHash(before, oldRoot) && sameHash(after, root)
}

/** The largest power of two that is less than the count. */
function splitOf(count: number): number {
  let split = 1
  while (split * 2 < count) split *= 2
  return split
}

/** Halves a place in the tree: a shift would cut it at 32 bits. */
function half(value: number): number {
  return Math.floor(value / 2)
}

function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
