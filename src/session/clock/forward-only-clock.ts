import type { Clock, Timer } from '../ports/clock.ts'

/** The wall and the monotonic clock drift apart by less between two looks, ms, unless the wall clock was set. */
const JUMP_MS = 2_000

/**
 * A clock whose wall time never goes back: from the highest time that was ever seen it goes on with the monotonic
 * clock, until the computer's own clock has caught up. So setting that clock back revives nothing that has expired, and
 * deadlines still pass meanwhile.
 */
export class ForwardOnlyClock implements Clock {
  readonly #own: Clock
  /** The most that wall time was ever ahead of monotonic time. */
  #lead = Number.NEGATIVE_INFINITY
  #highest = Number.NEGATIVE_INFINITY
  /** The two times at the last look for a jump. */
  #seen: { readonly wall: number; readonly mono: number } | undefined
  /** A jump, ms, that happened before this process looked. */
  #missed = 0

  constructor(own: Clock) {
    this.#own = own
  }

  now(): number {
    const wall = this.#own.now()
    const mono = this.#own.monotonic()
    this.#lead = Math.max(this.#lead, wall - mono)
    this.#highest = Math.max(this.#highest, wall, Math.floor(mono + this.#lead))
    return this.#highest
  }

  monotonic(): number {
    return this.#own.monotonic()
  }

  after(ms: number, run: () => void): Timer {
    return this.#own.after(ms, run)
  }

  /** The time by which the computer's clock is behind the highest time, ms. */
  get behindMs(): number {
    return this.now() - this.#own.now()
  }

  /** Goes on from a time, in ms since the epoch, that this process or an earlier one has seen, if that is higher. */
  remind(at: number): void {
    const ahead = at - this.now()
    if (ahead <= 0) return
    if (ahead > JUMP_MS) this.#missed -= ahead
    this.#lead = at - this.#own.monotonic()
    this.#highest = at
  }

  /** Forgets the highest time: the computer's clock is right now, whatever it said before. */
  trust(): void {
    this.#lead = Number.NEGATIVE_INFINITY
    this.#highest = Number.NEGATIVE_INFINITY
    this.#missed = 0
  }

  /** Returns by how many ms the computer's clock was set, forward or back, since the last look; 0 if it was not. */
  lookForJump(): number {
    const wall = this.#own.now()
    const mono = this.#own.monotonic()
    const seen = this.#seen ?? { wall, mono }
    this.#seen = { wall, mono }
    const byMs = Math.round(wall - seen.wall - (mono - seen.mono))
    const missed = this.#missed
    this.#missed = 0
    return missed + (Math.abs(byMs) > JUMP_MS ? byMs : 0)
  }
}
