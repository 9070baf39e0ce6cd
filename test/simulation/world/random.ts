/** A small generator of numbers (sfc32): the same seed gives the same ones on every machine. */
export class Random {
  #a: number
  #b: number
  #c: number
  #d = 1

  constructor(seed: number) {
    this.#a = seed | 0
    this.#b = Math.imul(seed, 0x9e3779b1) | 0
    this.#c = (seed ^ 0x5bd1e995) | 0
    for (let turn = 0; turn < 16; turn += 1) this.#step()
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    return this.#step() / 2 ** 32
  }

  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** @throws RangeError if there is nothing to pick from */
  pick<Item>(items: readonly Item[]): Item {
    const index = this.below(items.length)
    if (index >= items.length) throw new RangeError('nothing to pick from')
    return items[index] as Item
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }

  /** Lower-case base32, as ids are. */
  text(characters: number): string {
    const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
    return Array.from({ length: characters }, () => alphabet[this.below(32)]).join('')
  }

  /** Another generator, of its own: what is drawn from it does not move this one. */
  fork(): Random {
    return new Random(this.#step())
  }

  #step(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }
}
