/** Gives back a turn. Idempotent. */
export type EndTurn = () => void

interface Waiter {
  begin(): void
}

/** Lets so many go at the same time, in the order in which they came, and so many wait. */
export class Turns {
  readonly #atOnce: number
  readonly #maxWaiting: number
  readonly #waiting = new Set<Waiter>()
  #under = 0

  constructor(atOnce: number, maxWaiting: number) {
    this.#atOnce = atOnce
    this.#maxWaiting = maxWaiting
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size
  }

  /**
   * Waits for a turn, until the signal is aborted.
   * @returns resolves with what ends the turn; undefined if too many wait already
   * @throws the signal's reason
   */
  async take(signal: AbortSignal): Promise<EndTurn | undefined> {
    signal.throwIfAborted()
    if (this.#under >= this.#atOnce) {
      if (this.#waiting.size >= this.#maxWaiting) return undefined
      await this.#wait(signal)
    } else this.#under += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#next()
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter)
        reject(signal.reason)
      }
      const waiter = {
        begin: () => {
          signal.removeEventListener('abort', leave)
          resolve()
        },
      }
      this.#waiting.add(waiter)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  /** The turn goes to the one who came first. */
  #next(): void {
    const [first] = this.#waiting
    if (first === undefined) {
      this.#under -= 1
      return
    }
    this.#waiting.delete(first)
    first.begin()
  }
}
