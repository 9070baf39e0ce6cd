/** How often each of a few names came. The one that came most often is told first. */
export class Counts {
  readonly #counts = new Map<string, number>()

  add(name: string, count = 1): void {
    this.#counts.set(name, this.get(name) + count)
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  toObject(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([, a], [, b]) => b - a))
  }
}
