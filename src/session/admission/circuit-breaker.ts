import type { Clock } from '../ports/clock.ts'

/** `open`: nothing is tried. `half_open`: one call at a time tries whether it works again. */
export type BreakerState = 'closed' | 'open' | 'half_open'

export interface BreakerLimits {
  /** Failures in a row, and more than calls are under way, that open it. */
  readonly breakerFailures: number
  /** How long it stays open before one call may try, ms. */
  readonly breakerPauseMs: number
}

export interface BreakerSnapshot {
  readonly state: BreakerState
  /** Failures since the last success. */
  readonly failuresInARow: number
  /** Until somebody may try, ms; 0 if it is not open. */
  readonly retryAfterMs: number
}

/** The right to one call, asked for before anything is staked on it. The first verdict counts. */
export interface Permit {
  succeeded(): void
  failed(): void
  /** It was not called after all. */
  unused(): void
}

/** After how many ms somebody may ask again while another one tries whether it works. */
const PROBE_RETRY_MS = 1_000

/**
 * Keeps calls away from something that only fails. One failure in ten never opens it, not even when all the
 * failures of a burst come before its first success: a row counts only once it is longer than what is under way.
 */
export class CircuitBreaker {
  readonly #clock: Pick<Clock, 'monotonic'>
  #limits: BreakerLimits
  #row = 0
  #underWay = 0
  /** Monotonic ms; undefined while closed. */
  #openSince: number | undefined
  #probing = false

  constructor(limits: BreakerLimits, clock: Pick<Clock, 'monotonic'>) {
    this.#limits = limits
    this.#clock = clock
  }

  apply(limits: BreakerLimits): void {
    this.#limits = limits
  }

  get snapshot(): BreakerSnapshot {
    const retryAfterMs = this.#wait()
    const isClosed = this.#openSince === undefined
    const otherwise = retryAfterMs > 0 ? 'open' : 'half_open'
    return { state: isClosed ? 'closed' : otherwise, failuresInARow: this.#row, retryAfterMs }
  }

  /** @returns a permit, or after how many ms to ask again */
  ask(): Permit | { readonly retryAfterMs: number } {
    const wait = this.#wait()
    if (wait > 0) return { retryAfterMs: wait }
    const isProbe = this.#openSince !== undefined
    if (isProbe && this.#probing) return { retryAfterMs: PROBE_RETRY_MS }
    if (isProbe) this.#probing = true
    else this.#underWay += 1
    return this.#permit(isProbe)
  }

  #permit(isProbe: boolean): Permit {
    let isOver = false
    const once = (verdict: () => void) => () => {
      if (isOver) return
      isOver = true
      if (isProbe) this.#probing = false
      else this.#underWay -= 1
      verdict()
    }
    return {
      succeeded: once(() => this.#close(isProbe)),
      failed: once(() => this.#fail(isProbe)),
      unused: once(() => undefined),
    }
  }

  /** A success from before it opened is no news. */
  #close(isProbe: boolean): void {
    if (this.#openSince !== undefined && !isProbe) return
    this.#row = 0
    this.#openSince = undefined
  }

  #fail(isProbe: boolean): void {
    this.#row += 1
    const isRow = this.#row >= this.#limits.breakerFailures && this.#row > this.#underWay
    const opens = this.#openSince === undefined && isRow
    if (isProbe || opens) this.#openSince = this.#clock.monotonic()
  }

  #wait(): number {
    if (this.#openSince === undefined) return 0
    const left = this.#openSince + this.#limits.breakerPauseMs - this.#clock.monotonic()
    return Math.max(0, Math.ceil(left))
  }
}
