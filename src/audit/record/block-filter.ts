/**
 * Bytes of a filter, for a block of 256 records: one byte a record. The hundred different ids that such a block usually
 * has leave one block in a thousand to be read in vain, the 512 that it can have at most one in six.
 */
const FILTER_BYTES = 256

/** Bits that an id sets: for a hundred ids more of them would gain little, and for 512 they would lose. */
const BITS_PER_ID = 4

const POSITIONS = 8 * FILTER_BYTES

/** FNV-1a, 32 bits. */
const [FNV_BASIS, FNV_PRIME] = [0x811c9dc5, 0x01000193]

/** What an id is of: the same text as another one is another id. */
export type IdKind = 'token' | 'peer'

/**
 * Which ids occur in a block of records, as a Bloom filter: what is not in it does not occur, what is in it mostly
 * does. It is a pure function of the records, so whoever reads them can check it.
 */
export class BlockFilter {
  readonly bytes = new Uint8Array(FILTER_BYTES)

  add(kind: IdKind, id: string): void {
    forEachBit(kind, id, (byte, mask) => {
      this.bytes[byte] = (this.bytes[byte] ?? 0) | mask
      return true
    })
  }

  clear(): void {
    this.bytes.fill(0)
  }
}

/** False: no record of the block names it. What is no filter of ours says nothing. */
export function mayHold(filter: Uint8Array, kind: IdKind, id: string): boolean {
  if (filter.length !== FILTER_BYTES) return true
  return forEachBit(kind, id, (byte, mask) => ((filter[byte] ?? 0) & mask) !== 0)
}

/** Stops at the first that is not wanted. @returns whether all were */
function forEachBit(
  kind: IdKind,
  id: string,
  wants: (byte: number, mask: number) => boolean,
): boolean {
  const first = mixed(hashOf(kind, id))
  const step = mixed(first ^ FNV_BASIS) | 1
  let at = first
  for (let bit = 0; bit < BITS_PER_ID; bit += 1) {
    const position = (at >>> 0) % POSITIONS
    if (!wants(position >>> 3, 1 << (position & 7))) return false
    at = (at + step) | 0
  }
  return true
}

function hashOf(kind: IdKind, id: string): number {
  let hash = FNV_BASIS ^ kind.charCodeAt(0)
  for (let at = 0; at < id.length; at += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(at), FNV_PRIME)
  }
  return hash
}

/** MurmurHash3's last step: each bit of the hash has a say in each bit. */
function mixed(hash: number): number {
  let value = hash
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return value ^ (value >>> 16)
}
