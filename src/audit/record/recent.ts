/**
 * A map that keeps the newest entries: at least `count`, and at most twice as many. The older half is dropped at once:
 * to delete a map's oldest entries one by one costs more than all the rest of verifying a record.
 */
export class Recent<Key, Value> {
  readonly #count: number
  #newer = new Map<Key, Value>()
  #older = new Map<Key, Value>()

  /** @param count at least 1 */
  constructor(count: number) {
    this.#count = count
  }

  get(key: Key): Value | undefined {
    return this.#newer.get(key) ?? this.#older.get(key)
  }

  set(key: Key, value: Value): void {
    this.#newer.set(key, value)
    if (this.#newer.size < this.#count) return
    this.#older = this.#newer
    this.#newer = new Map()
  }

  clear(): void {
    this.#newer.clear()
    this.#older.clear()
  }
}
