/** Bytes of the longest length: of a frame of ours. A line of a negotiation needs fewer. */
const MAX_PREFIX_BYTES = 3

/** Bounds the bytes that a stream receives before it has a protocol: length-prefixed lines, and few. */
export class UnnegotiatedBytes {
  #left: number
  #skip = 0
  #length = 0
  #prefixBytes = 0

  /** @param budget bytes that may come in all */
  constructor(budget: number) {
    this.#left = budget
  }

  /** @returns false as soon as there are too many bytes, or too many bytes of one length */
  accept(chunk: Uint8Array): boolean {
    this.#left -= chunk.length
    if (this.#left < 0) return false
    for (let offset = 0; offset < chunk.length; ) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - offset)
        this.#skip -= step
        offset += step
      } else if (!this.#readPrefix(chunk[offset++] ?? 0)) {
        return false
      }
    }
    return true
  }

  #readPrefix(byte: number): boolean {
    this.#length |= (byte & 0x7f) << (7 * this.#prefixBytes)
    this.#prefixBytes++
    if (byte >= 0x80) return this.#prefixBytes < MAX_PREFIX_BYTES
    this.#skip = this.#length
    this.#length = 0
    this.#prefixBytes = 0
    return true
  }
}
