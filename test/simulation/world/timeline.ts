import type { Timer } from '../../../src/session/ports/clock.ts'

/** Whose doing something is. What a dead owner had in mind does not happen; a paused one does it later. */
export interface Owner {
  readonly alive: boolean
  readonly paused: boolean
  /** Called instead of the work while paused. */
  hold(run: () => void): void
}

interface Due {
  readonly at: number
  readonly order: number
  readonly owner: Owner
  readonly run: () => void
  cleared: boolean
}

/** The rest of the world: never dead, never paused. */
export const WORLD: Owner = { alive: true, paused: false, hold: (run) => run() }

/** Everything that is going to happen, in order of virtual time. Nothing else makes anything happen. */
export class Timeline {
  readonly #heap: Due[] = []
  readonly #afterStep: () => void
  readonly #settled: (() => Promise<void>) | undefined
  #now = 0
  #order = 0
  #steps = 0

  /**
   * @param afterStep called when all that followed from one thing has happened
   * @param settled resolves when nothing is under way that takes real time. @default nothing ever does
   */
  constructor(afterStep: () => void, settled?: () => Promise<void>) {
    this.#afterStep = afterStep
    this.#settled = settled
  }

  /** Virtual milliseconds since the beginning. */
  get now(): number {
    return this.#now
  }

  get steps(): number {
    return this.#steps
  }

  /** How much of this owner's is still to come. */
  pendingOf(owner: Owner): number {
    return this.#heap.filter((due) => due.owner === owner && !due.cleared).length
  }

  after(ms: number, owner: Owner, run: () => void): Timer {
    this.#order += 1
    const at = this.#now + Math.max(0, ms)
    const due: Due = { at, order: this.#order, owner, run, cleared: false }
    this.#push(due)
    return {
      clear: () => {
        due.cleared = true
      },
    }
  }

  /** Let happen what is due until then, or until `done`. @throws what happens to be thrown on the way */
  async run(until: number, done: () => boolean): Promise<void> {
    await this.#settled?.()
    while (!done()) {
      const due = this.#heap[0]
      if (due === undefined || due.at > until) {
        this.#now = Math.max(this.#now, until)
        return
      }
      this.#pop()
      if (due.cleared || !due.owner.alive) continue
      this.#now = due.at
      if (due.owner.paused) {
        due.owner.hold(() => due.cleared || due.run())
        continue
      }
      this.#steps += 1
      due.run()
      // Every promise that hangs on this settles before the loop turns; there is nothing else in it.
      await new Promise<void>((resolve) => setImmediate(resolve))
      // Time stands still for what takes real time.
      if (this.#settled !== undefined) await this.#settled()
      this.#afterStep()
    }
  }

  #push(due: Due): void {
    const heap = this.#heap
    let at = heap.push(due) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !before(due, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = due
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      const right = heap[2 * at + 2]
      if (left === undefined) break
      const isRight = right !== undefined && before(right, left)
      const child = isRight ? right : left
      if (!before(child, last)) break
      heap[at] = child
      at = 2 * at + (isRight ? 2 : 1)
    }
    heap[at] = last
  }
}

function before(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
