interface Due {
  readonly at: number
  readonly order: number
  readonly run: (at: number) => void
}

/** What is going to happen, the earliest first; of two at one time the one that was added first. */
export class EventHeap {
  readonly #heap: Due[] = []
  #order = 0

  add(at: number, run: (at: number) => void): void {
    this.#order += 1
    const due = { at, order: this.#order, run }
    let place = this.#heap.push(due) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      const above = this.#heap[parent]
      if (above === undefined || !isBefore(due, above)) break
      this.#heap[place] = above
      place = parent
    }
    this.#heap[place] = due
  }

  /** Lets everything happen, and all that follows. */
  run(): void {
    for (let due = this.#take(); due !== undefined; due = this.#take()) due.run(due.at)
  }

  #take(): Due | undefined {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let place = 0
    for (;;) {
      const left = heap[2 * place + 1]
      const right = heap[2 * place + 2]
      if (left === undefined) break
      const isRight = right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (!isBefore(child, last)) break
      heap[place] = child
      place = 2 * place + (isRight ? 2 : 1)
    }
    heap[place] = last
    return first
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
