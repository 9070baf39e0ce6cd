import type { Clock, Timer } from '../../src/session/ports/clock.ts'

interface Armed {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Time that stands still until it is moved on. */
export class VirtualClock implements Clock {
  readonly #armed = new Set<Armed>()
  #mono = 0
  #wall: number
  #order = 0

  /** @param wall milliseconds since the epoch at the start */
  constructor(wall: number = Date.UTC(2030, 0, 1)) {
    this.#wall = wall
  }

  now(): number {
    return this.#wall
  }

  monotonic(): number {
    return this.#mono
  }

  after(ms: number, run: () => void): Timer {
    this.#order += 1
    const armed = { at: this.#mono + Math.max(0, ms), order: this.#order, run }
    this.#armed.add(armed)
    return { clear: () => void this.#armed.delete(armed) }
  }

  /** Timers that are armed and have not fired. */
  get timers(): number {
    return this.#armed.size
  }

  /** Move the wall clock alone, forward or back, as an operator might. */
  shiftWall(ms: number): void {
    this.#wall += ms
  }

  /** Fire what is due within `ms`, each at its own time and in order. */
  advance(ms: number): void {
    const until = this.#mono + ms
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#armed.delete(next)
      this.#moveTo(next.at)
      next.run()
    }
    this.#moveTo(until)
  }

  #next(until: number): Armed | undefined {
    return [...this.#armed]
      .filter(({ at }) => at <= until)
      .sort((a, b) => a.at - b.at || a.order - b.order)[0]
  }

  #moveTo(mono: number): void {
    this.#wall += mono - this.#mono
    this.#mono = mono
  }
}
