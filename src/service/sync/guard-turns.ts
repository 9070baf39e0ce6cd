/** Threads for documents at the same time in this process: each has its memory. */
const MAX_SYNCED_AT_ONCE = 2

/** Lets so many at a time pass, in the order in which they came. */
export class GuardTurns {
  #free = MAX_SYNCED_AT_ONCE
  readonly #waiting: (() => void)[] = []

  /** True if somebody waits for a turn. */
  get isAwaited(): boolean {
    return this.#waiting.length > 0
  }

  /** Resolves when it is the caller's turn, who must call what it gets when it is done. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    let isDone = false
    return () => {
      if (isDone) return
      isDone = true
      const next = this.#waiting.shift()
      if (next === undefined) this.#free += 1
      else next()
    }
  }
}
