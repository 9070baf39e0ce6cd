/** Remembers how to take back the changes of one piece of work, until they are kept. */
export class Changes {
  readonly #backs: (() => void)[] = []

  /** Notes a change that was made. @param back takes it back */
  made(back: () => void): void {
    this.#backs.push(back)
  }

  /** Makes a piece of work's changes: all of them, or none if it throws. */
  keep<Result>(work: () => Result): Result {
    try {
      const result = work()
      this.#backs.length = 0
      return result
    } catch (error) {
      this.#takeBack()
      throw error
    }
  }

  /** Finds out what a piece of work would come to, and takes its changes back. */
  rehearse<Result>(work: () => Result): Result {
    try {
      return work()
    } finally {
      this.#takeBack()
    }
  }

  #takeBack(): void {
    for (const back of this.#backs.toReversed()) back()
    this.#backs.length = 0
  }
}

/** A single value. */
export class Cell<Value> {
  readonly #changes: Changes
  #value: Value

  constructor(changes: Changes, value: Value) {
    this.#changes = changes
    this.#value = value
  }

  get value(): Value {
    return this.#value
  }

  /** Takes over a value that is kept elsewhere. */
  load(value: Value): void {
    this.#value = value
  }

  set(value: Value): void {
    const before = this.#value
    this.#changes.made(() => {
      this.#value = before
    })
    this.#value = value
  }
}

/** Gives out numbers from 1, each once. */
export class Counter {
  readonly #last: Cell<number>

  constructor(changes: Changes) {
    this.#last = new Cell(changes, 0)
  }

  /** The number that was given out last. */
  get last(): number {
    return this.#last.value
  }

  /** Goes on after a number that is kept elsewhere. */
  load(last: number): void {
    this.#last.load(last)
  }

  next(): number {
    this.#last.set(this.last + 1)
    return this.last
  }
}
