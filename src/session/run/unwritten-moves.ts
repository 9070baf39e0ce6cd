import type { Clock, Timer } from '../ports/clock.ts'

/**
 * How long a move that nobody acts on may wait for the next one, ms: a session that lingers in a state is seen in the
 * store so much later, and one that hurries on costs a write less.
 */
export const MAX_UNWRITTEN_MS = 100

/** One for all: most of the time nothing waits. */
const NOTHING: readonly (() => void)[] = []

/** Moves that are not in the store yet, with the functions that tell of them once they are. */
export class UnwrittenMoves {
  readonly #clock: Clock
  #tells = NOTHING
  #timer: Timer | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get isEmpty(): boolean {
    return this.#tells.length === 0
  }

  /** @param late called once if they have waited long enough */
  add(tell: () => void, late: () => void): void {
    this.#tells = [...this.#tells, tell]
    this.#timer ??= this.#clock.after(MAX_UNWRITTEN_MS, () => {
      this.#timer = undefined
      late()
    })
  }

  /** Forgets them because they are written, with one more. @returns tells of all, in order */
  settle(tell?: () => void): () => void {
    const tells = tell === undefined ? this.#tells : [...this.#tells, tell]
    this.stop()
    this.#tells = NOTHING
    return () => {
      for (const each of tells) each()
    }
  }

  /** No more will be written than what is on its way. */
  stop(): void {
    this.#timer?.clear()
    this.#timer = undefined
  }
}
