/**
 * Milliseconds of one turn of the event loop for frames that wait: with less, they would get next to nothing of the
 * long turns of a busy node.
 */
const SERVE_MS = 10

/** Does a part of the work of one connection. @returns whether there is still more */
type Work = () => boolean

/**
 * Deals out the turns of the event loop among the connections of a node. A connection that brings few frames is served
 * at once; of one that brings more than a turn allows, some are taken in each turn, in rotation with other connections.
 */
export class FrameTurns {
  /** Frames of one connection that are taken in one turn. */
  readonly perConnection: number
  /** Frames of one connection, of those that wait, that are taken at a time. */
  readonly slice: number
  readonly #now: () => number
  #turn = 0
  #ends = false
  #waiting: Work[] = []
  #isRunning = false

  /**
   * @param perConnection frames of one connection in one turn, 1 at least
   * @param now monotonic ms
   */
  constructor(perConnection: number, now: () => number = () => performance.now()) {
    this.perConnection = perConnection
    this.slice = Math.ceil(perConnection / 2)
    this.#now = now
  }

  /** The number of this turn. */
  get turn(): number {
    if (!this.#ends) {
      this.#ends = true
      setImmediate(() => {
        this.#ends = false
        this.#turn += 1
      })
    }
    return this.#turn
  }

  /** Calls `work` a few times in each turn, in rotation with others, until it says that there is no more. */
  wait(work: Work): void {
    this.#waiting.push(work)
    if (this.#isRunning) return
    this.#isRunning = true
    setImmediate(() => this.#serve())
  }

  #serve(): void {
    const until = this.#now() + SERVE_MS
    do {
      const work = this.#waiting.shift()
      if (work?.() === true) this.#waiting.push(work)
    } while (this.#waiting.length > 0 && this.#now() < until)
    this.#isRunning = this.#waiting.length > 0
    if (this.#isRunning) setImmediate(() => this.#serve())
  }
}
