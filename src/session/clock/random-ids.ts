import { randomFillSync } from 'node:crypto'
import type { Ids } from '../ports/ids.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** Random bytes fetched from the system at a time: each call costs more than the bytes. */
const POOL_BYTES = 2_048

/** Random bytes, each handed out once. */
class RandomPool {
  readonly #bytes = new Uint8Array(POOL_BYTES)
  #next = POOL_BYTES

  /** @param length at most `POOL_BYTES`; good until the next call */
  take(length: number): Uint8Array {
    if (this.#next + length > POOL_BYTES) {
      randomFillSync(this.#bytes)
      this.#next = 0
    }
    this.#next += length
    return this.#bytes.subarray(this.#next - length, this.#next)
  }
}

const pool = new RandomPool()

function randomText(characters: number): string {
  let text = ''
  // 256 is a multiple of 32, so every character is equally likely.
  for (const byte of pool.take(characters)) text += ALPHABET[byte & 31]
  return text
}

/** Ids from the operating system's random generator. */
export const RANDOM_IDS: Ids = {
  session: () => randomText(16),
  redemption: () => randomText(26),
}
