/** Frames of one connection that are taken in one turn of the event loop, some ms of work at worst. */
const PER_CONNECTION = 16

/** The same of all connections together: with it a turn stays well under 100 ms. */
const PER_TURN = 256

/** Whoever has more to do than one turn allows. @returns whether there is still more */
type Work = () => boolean

/**
 * Deals out the turns of the event loop among the connections of a node. Whoever sends little is served at once;
 * who sends thousands of frames at a time is served a few of them in each turn, one connection after the other.
 */
export class FrameTurns {
  readonly slice = PER_CONNECTION
  #turn = 0
  #left = PER_TURN
  #ends = false
  #waiting: Work[] = []
  #isRunning = false

  /** Which turn this is. */
  get turn(): number {
    if (!this.#ends) {
      this.#ends = true
      setImmediate(() => {
        this.#ends = false
        this.#turn += 1
        this.#left = PER_TURN
      })
    }
    return this.#turn
  }

  /** What may still be taken in this turn. */
  get left(): number {
    return this.#left
  }

  took(frames: number): void {
    this.#left -= frames
  }

  /** Called once in each round of those who wait, until it says that there is no more. */
  wait(work: Work): void {
    this.#waiting.push(work)
    if (this.#isRunning) return
    this.#isRunning = true
    setImmediate(() => this.#serve())
  }

  #serve(): void {
    const work = this.#waiting.shift()
    if (work?.() === true) this.#waiting.push(work)
    this.#isRunning = this.#waiting.length > 0
    if (this.#isRunning) setImmediate(() => this.#serve())
  }
}
