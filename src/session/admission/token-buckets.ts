import { randomBytes } from 'node:crypto'

/** The time in which an empty bucket is full again, ms. A bucket holds what its rate gives in that time. */
const WINDOW_MS = 60_000

/** Slots that each key may have: the ways of a set-associative table. */
const WAYS = 8

/** Allowance for rounding errors of many small steps, ms. */
const TOLERANCE_MS = 1e-3

/**
 * Token buckets for rate limits, one per key: a minute's worth at once, refilled evenly. A bucket is kept as one number,
 * the time when it will be full again, beside a keyed hash of the key: 16 bytes, all of them allocated at first use. When
 * there is no room, the bucket that is nearest to full is forgotten, so that nobody can have an emptied one forgotten by
 * making up keys.
 */
export class TokenBuckets {
  /** Buckets at most. */
  readonly capacity: number
  readonly #mask: number
  /** Monotonic ms at which each bucket will be full. */
  #fullAt = new Float64Array(0)
  /** Two hashes per bucket. */
  #tags = new Uint32Array(0)
  /** Secret, so that nobody else can tell which keys share slots. */
  readonly #seed = randomBytes(8)
  readonly #seeds: readonly [number, number]
  readonly #spare: number
  #first = 0
  #second = 0
  /** The slot that the key last looked for may have. */
  #place = 0

  /**
   * @param capacity rounded up to a power of two, 8 at least
   * @param spare the amount that every bucket holds beside its minute's worth, whatever its rate
   */
  constructor(capacity: number, spare = 0) {
    this.#spare = spare
    const places = 2 ** Math.max(0, Math.ceil(Math.log2(capacity / WAYS)))
    this.capacity = places * WAYS
    this.#mask = places - 1
    this.#seeds = [this.#seed.readUInt32LE(0), this.#seed.readUInt32LE(4)]
  }

  /**
   * Takes from a bucket.
   * @param perMinute the amount that it holds, beside the spare one, and gets in a minute
   * @param mono monotonic ms
   * @returns 0 if there was enough; else, with nothing taken, the ms until there is
   */
  take(key: string, perMinute: number, mono: number, cost = 1): number {
    const { wait, fullAt, slot } = this.#look(key, perMinute, mono, cost)
    if (wait > 0) return wait
    this.#set(slot, fullAt)
    return 0
  }

  /** Takes what was taken elsewhere, though there may be less: then nothing is left. */
  drain(key: string, perMinute: number, mono: number, cost: number): void {
    const { fullAt, slot } = this.#look(key, perMinute, mono, cost)
    this.#set(slot, Math.min(fullAt, mono + WINDOW_MS * (1 + this.#spare / perMinute)))
  }

  /** Returns what `take` would, with nothing taken. */
  wait(key: string, perMinute: number, mono: number, cost = 1): number {
    return this.#look(key, perMinute, mono, cost).wait
  }

  /** Puts back what was taken too much. */
  giveBack(key: string, perMinute: number, amount = 1): void {
    const slot = this.#find(key)
    if (slot >= 0) this.#fullAt[slot] = (this.#fullAt[slot] ?? 0) - (amount * WINDOW_MS) / perMinute
  }

  /** Returns how much `take` would give at most. @param mono monotonic ms */
  left(key: string, perMinute: number, mono: number): number {
    const slot = this.#find(key)
    const missing = slot < 0 ? 0 : Math.max(0, (this.#fullAt[slot] ?? 0) - mono)
    return perMinute + this.#spare - (missing * perMinute) / WINDOW_MS
  }

  /** Fills a bucket. */
  fill(key: string): void {
    const slot = this.#find(key)
    if (slot >= 0) this.#fullAt[slot] = 0
  }

  /** Counts the buckets that are not full. @param mono monotonic ms */
  inUse(mono: number): number {
    return this.#fullAt.reduce((count, fullAt) => (fullAt > mono ? count + 1 : count), 0)
  }

  /** Fills the slot of the key that was last looked for. */
  #set(slot: number, fullAt: number): void {
    if (this.#tags.length === 0) this.#allocate()
    this.#fullAt[slot] = fullAt
    this.#tags[2 * slot] = this.#first
    this.#tags[2 * slot + 1] = this.#second
  }

  /** At first use: a node that only dials needs no table. */
  #allocate(): void {
    this.#fullAt = new Float64Array(this.capacity)
    this.#tags = new Uint32Array(2 * this.capacity)
  }

  #look(key: string, perMinute: number, mono: number, cost: number) {
    const found = this.#find(key)
    const slot = found < 0 ? this.#place : found
    const before = found < 0 ? mono : Math.max(mono, this.#fullAt[found] ?? 0)
    const fullAt = before + (cost * WINDOW_MS) / perMinute
    const over = fullAt - mono - WINDOW_MS * (1 + this.#spare / perMinute)
    return { wait: over > TOLERANCE_MS ? Math.min(WINDOW_MS, Math.ceil(over)) : 0, fullAt, slot }
  }

  /** @returns the key's slot, or -1 with `#place` set to the one that it may have */
  #find(key: string): number {
    this.#hash(key)
    const start = (this.#first & this.#mask) * WAYS
    this.#place = start
    for (let slot = start; slot < start + WAYS; slot += 1) {
      const isSame =
        this.#tags[2 * slot] === this.#first && this.#tags[2 * slot + 1] === this.#second
      if (isSame) return slot
      if ((this.#fullAt[slot] ?? 0) < (this.#fullAt[this.#place] ?? 0)) this.#place = slot
    }
    return -1
  }

  #hash(key: string): void {
    let [first, second] = this.#seeds
    for (let index = 0; index < key.length; index += 1) {
      const code = key.charCodeAt(index)
      first = Math.imul(first ^ code, 0x01000193)
      second = Math.imul(((second << 13) | (second >>> 19)) ^ code, 0xcc9e2d51)
    }
    this.#first = mixed(first)
    this.#second = mixed(second)
  }
}

/** Mixes the bits, so that every bit of the result depends on every bit of the hash. */
function mixed(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
