/** Bytes of the length of the longest line of a negotiation, 1,024 bytes. */
const MAX_LENGTH_BYTES = 2

/** Asks the reader for another byte. Made once: this is thrown in ordinary work. */
const MORE = new RangeError('the length is not complete')

/** The bytes of a length, as libp2p's readers hand them over. */
export interface LengthBytes {
  readonly byteLength: number
  get(index: number): number
}

/**
 * Reads the length that stands before each line of a protocol negotiation, and takes no more than two bytes for it.
 * @throws RangeError when a byte is missing (the reader then calls again), Error when the length is
 *   longer than any line needs
 */
export function strictLength(bytes: LengthBytes): number {
  const low = bytes.get(0)
  if (low < 0x80) return low
  if (bytes.byteLength < MAX_LENGTH_BYTES) throw MORE
  const high = bytes.get(1)
  if (high >= 0x80) throw new Error('the length of a negotiation line is too long')
  return (low & 0x7f) | (high << 7)
}

/** Makes a `strictLength` for one connection, which also ends a negotiation of more than `budget` bytes. */
export function strictLengthWithin(budget: number): (bytes: LengthBytes) => number {
  let left = budget
  return (bytes) => {
    const length = strictLength(bytes)
    left -= bytes.byteLength + length
    if (left < 0) throw new Error('the negotiation is too long')
    return length
  }
}
