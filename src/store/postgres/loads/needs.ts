import type { LoadKey, LoadName } from './load-name.ts'

/** Keys of the rows that a batch has to know before it is applied, by the statement that loads them. */
export class Needs {
  readonly #asked = new Map<LoadName, Map<string, LoadKey>>()
  readonly #answered = new Map<LoadName, Set<string>>()

  add(load: LoadName, key: LoadKey): void {
    const text = JSON.stringify(key)
    if (this.#answered.get(load)?.has(text) === true) return
    const asked = this.#asked.get(load) ?? new Map<string, LoadKey>()
    this.#asked.set(load, asked.set(text, key))
  }

  addIds(load: LoadName, ids: Iterable<string | undefined>): void {
    for (const id of ids) if (id !== undefined) this.add(load, { id })
  }

  /** Returns the keys that were not taken before, and notes them as taken. */
  take(): ReadonlyMap<LoadName, readonly LoadKey[]> {
    const taken = new Map<LoadName, readonly LoadKey[]>()
    for (const [load, keys] of this.#asked) {
      taken.set(load, [...keys.values()])
      const answered = this.#answered.get(load) ?? new Set<string>()
      for (const text of keys.keys()) answered.add(text)
      this.#answered.set(load, answered)
    }
    this.#asked.clear()
    return taken
  }
}
