/** Counts what is taken of each share, by a key, up to a limit each. */
export class Shares {
  readonly #limit: number
  readonly #taken = new Map<string, number>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** @param key undefined has no limit */
  isFull(key: string | undefined): boolean {
    return key !== undefined && (this.#taken.get(key) ?? 0) >= this.#limit
  }

  /** @param key that of nobody is undefined */
  count(key: string | undefined): number {
    return key === undefined ? 0 : (this.#taken.get(key) ?? 0)
  }

  take(key: string | undefined): void {
    if (key !== undefined) this.#taken.set(key, (this.#taken.get(key) ?? 0) + 1)
  }

  giveBack(key: string | undefined): void {
    if (key === undefined) return
    const left = (this.#taken.get(key) ?? 1) - 1
    if (left > 0) this.#taken.set(key, left)
    else this.#taken.delete(key)
  }
}
