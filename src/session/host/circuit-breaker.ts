import type { Clock } from '../ports/clock.ts'

/** `open`: no call is permitted. `half_open`: one call at a time tries whether it works again. */
export type BreakerState = 'closed' | 'open' | 'half_open'

export interface BreakerLimits {
  /** Failures in a row that open it, if they are also more than the calls under way. */
  readonly breakerFailures: number
  /** The time that it stays open before one call may try, ms. */
  readonly breakerPauseMs: number
}

export interface BreakerSnapshot {
  readonly state: BreakerState
  /** Failures since the last success. */
  readonly failuresInARow: number
  /** The time until a call may try, ms; 0 if it is not open. */
  readonly retryAfterMs: number
  /** Calls that were not permitted, since the start of the process. */
  readonly turnedAway: number
}

/** The right to one call, asked for before anything is reserved for it. Only the first verdict counts. */
export interface Permit {
  succeeded(): void
  failed(): void
  /** The call was not made after all. */
  unused(): void
}

/** The answer that no call is permitted now, and when to ask again. */
export interface NotNow {
  readonly retryAfterMs: number
}

/** After how many ms to ask again while another call tries whether it works. */
const PROBE_RETRY_MS = 1_000

/**
 * A circuit breaker: keeps calls away from something that only fails. One failure in ten never opens it, not even when
 * all the failures of a burst come before its first success: failures in a row count only once they are more than the
 * calls under way.
 */
export class CircuitBreaker {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #onOpen: (failures: number, pauseMs: number) => void
  #limits: BreakerLimits
  #turnedAway = 0
  #row = 0
  #underWay = 0
  /** Monotonic ms; undefined while closed. */
  #openSince: number | undefined
  #probing = false

  /** @param onOpen called each time it opens, also after a failed try */
  constructor(
    limits: BreakerLimits,
    clock: Pick<Clock, 'monotonic'>,
    onOpen: (failures: number, pauseMs: number) => void,
  ) {
    this.#limits = limits
    this.#clock = clock
    this.#onOpen = onOpen
  }

  apply(limits: BreakerLimits): void {
    this.#limits = limits
  }

  get snapshot(): BreakerSnapshot {
    const retryAfterMs = this.#wait()
    const isClosed = this.#openSince === undefined
    const otherwise = retryAfterMs > 0 ? 'open' : 'half_open'
    const state = isClosed ? 'closed' : otherwise
    return { state, failuresInARow: this.#row, retryAfterMs, turnedAway: this.#turnedAway }
  }

  /** Says what `ask` would, for somebody who calls nothing yet: nothing is permitted, nobody counted. */
  peek(): NotNow | undefined {
    const isProbed = this.#openSince !== undefined && this.#probing
    const retryAfterMs = this.#wait() || (isProbed ? PROBE_RETRY_MS : 0)
    return retryAfterMs > 0 ? { retryAfterMs } : undefined
  }

  ask(): Permit | NotNow {
    const isProbe = this.#openSince !== undefined
    const notNow = this.peek()
    if (notNow !== undefined) {
      this.#turnedAway += 1
      return notNow
    }
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

  /** Ignores the success of a call from before it opened. */
  #close(isProbe: boolean): void {
    if (this.#openSince !== undefined && !isProbe) return
    this.#row = 0
    this.#openSince = undefined
  }

  #fail(isProbe: boolean): void {
    this.#row += 1
    const isRow = this.#row >= this.#limits.breakerFailures && this.#row > this.#underWay
    const opens = this.#openSince === undefined && isRow
    if (!isProbe && !opens) return
    this.#openSince = this.#clock.monotonic()
    this.#onOpen(this.#row, this.#limits.breakerPauseMs)
  }

  #wait(): number {
    if (this.#openSince === undefined) return 0
    const left = this.#openSince + this.#limits.breakerPauseMs - this.#clock.monotonic()
    return Math.max(0, Math.ceil(left))
  }
}
