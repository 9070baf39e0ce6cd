/**
 * How long work may wait on whose strength nobody acts, ms: two sessions that follow each other share a commit, and the
 * end of the last one is seen so much later.
 */
export const PATIENCE_MS = 20

/** Work that may wait for other work, so that both share a commit. It holds no lock meanwhile. */
export class PatientWork {
  readonly #ms: number
  #waiting: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined

  /** @param ms the longest that it waits; with 0 it is done at once */
  constructor(ms: number) {
    this.#ms = ms
  }

  add(work: () => void): void {
    this.#waiting.push(work)
    if (this.#ms === 0) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), this.#ms)
  }

  /** Does what waits, in the order in which it came. */
  flush(): void {
    if (this.#waiting.length === 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = this.#waiting
    this.#waiting = []
    for (const work of waiting) work()
  }
}
