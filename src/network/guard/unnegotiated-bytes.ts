/** More than any line of a negotiation or frame of ours needs. */
const MAX_PREFIX_BYTES = 3

/** Watches what a stream receives before its protocol is agreed: length-prefixed lines, and few. */
export class UnnegotiatedBytes {
  #left: number
  #skip = 0
  #length = 0
  #prefixBytes = 0

  /** @param budget bytes that may come in all */
  constructor(budget: number) {
    this.#left = budget
  }

  /** False as soon as the bytes are too many, or begin a length that never ends. */
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
