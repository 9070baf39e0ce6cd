/**
 * Frames of one connection that are taken in one turn of the event loop: a dozen sessions at once. New streams cost
 * most, a tenth of a ms each.
 */
const PER_CONNECTION = 64

/** Those who wait are served so many frames at a time, in rotation. */
const SLICE = 32

/** For so long in one turn, ms: with less, those who wait would get next to nothing of the long turns of a busy node. */
const SERVE_MS = 10

/** Whoever has more to do than one turn allows. @returns whether there is still more */
type Work = () => boolean

/**
 * Deals out the turns of the event loop among the connections of a node. Whoever sends little is served at once;
 * who sends thousands of frames at a time is served some of them in each turn, one connection after the other.
 */
export class FrameTurns {
  readonly perConnection = PER_CONNECTION
  readonly slice = SLICE
  readonly #now: () => number
  #turn = 0
  #ends = false
  #waiting: Work[] = []
  #isRunning = false

  /** @param now monotonic ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Which turn this is. */
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

  /** Called a few times in each turn, in rotation with others that wait, until it says that there is no more. */
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
