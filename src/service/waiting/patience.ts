import type { Clock, Timer } from '../../session/ports/clock.ts'
import type { NotYet, WaitKind, WaitNews } from './not-yet.ts'

/** Everybody who was turned away at once must not come back at once: up to this part longer. */
const JITTER = 0.25

/** "At once" is no time to come again, ms: each attempt costs both sides a session. */
const MIN_PAUSE_MS = 250

/**
 * The pause of somebody who waits long, as a part of the time waited so far: short at first, when something was only slow, and
 * long later. An hour of it is some 140 tries.
 */
const PART_OF_WAIT = 0.25

/** The shortest such pause and the longest, ms: each try dials every address of the other side. */
const SHORTEST_WAIT_PAUSE_MS = 1_000
const LONGEST_WAIT_PAUSE_MS = 30_000

/** The pause while the other side has promised to tell of news, ms: a promise may be forgotten. */
const LONGEST_UNASKED_MS = 600_000

export interface PatienceOptions {
  /** The longest that one try may take, ms; without `waitMs` all of them together. */
  readonly timeoutMs: number
  /** How long to begin further tries while the other side is away or its answer stands out, ms. @default not at all */
  readonly waitMs?: number | undefined
}

/** How long a user is willing to wait for the other side, and how often it is asked meanwhile. */
export class Patience {
  readonly #clock: Clock
  readonly #random: () => number
  readonly #timeoutMs: number
  readonly #waits: boolean
  /** Monotonic ms. */
  #until: number
  /** When it makes no sense any more, ms since the epoch. */
  #end = Number.POSITIVE_INFINITY
  #waiting: { readonly kind: WaitKind; readonly since: number } | undefined
  /** When the other side was undecided for the first time, ms since the epoch. */
  #undecidedSince: number | undefined
  /** When it was first told to come again, monotonic ms. */
  #began: number | undefined
  /** News that came to nothing. */
  #falseNews = 0

  constructor(
    clock: Clock,
    { timeoutMs, waitMs }: PatienceOptions,
    random: () => number = Math.random,
  ) {
    this.#clock = clock
    this.#random = random
    this.#timeoutMs = timeoutMs
    this.#waits = waitMs !== undefined
    this.#until = clock.monotonic() + (waitMs ?? timeoutMs)
  }

  /** Monotonic ms. */
  get now(): number {
    return this.#clock.monotonic()
  }

  /** The time left to begin tries in, ms; 0 if there is none. */
  get left(): number {
    const atMost = this.#end - this.#clock.now()
    return Math.max(0, Math.min(this.#until - this.#clock.monotonic(), atMost))
  }

  /** The longest that a try may take that begins now, ms. One that waits gives each its whole time. */
  get tryMs(): number {
    return this.#waits ? this.#timeoutMs : Math.max(1, this.left)
  }

  /** Waits no longer than until then, in ms since the epoch, unless the other side keeps a place for longer. */
  endBy(at: number): void {
    if (this.#waits) this.#end = at
  }

  /** The time that the user takes itself is no waiting for the other side. */
  async notCounting<Result>(work: () => Promise<Result>): Promise<Result> {
    const began = this.#clock.monotonic()
    try {
      return await work()
    } finally {
      this.#until += this.#clock.monotonic() - began
    }
  }

  /**
   * Tells how long to pause before the next try, ms.
   * @returns undefined if there is to be none
   */
  pauseAfter(notYet: NotYet): number | undefined {
    const { kind, retryAfterMs, keptUntil } = notYet
    if (!this.#waits) {
      if (kind !== 'busy' || retryAfterMs === undefined) return undefined
      const pause = this.#longer(Math.max(retryAfterMs, MIN_PAUSE_MS))
      return pause < this.left ? pause : undefined
    }
    this.#end = Math.max(this.#end, keptUntil ?? 0)
    const { left } = this
    if (left === 0) return undefined
    const pause = this.#longer(Math.max(retryAfterMs ?? 0, this.#ownPause()))
    // Who is away may be there at the last moment; who has said when is not asked before.
    if (kind === 'busy' && pause >= left) return undefined
    return Math.min(pause, left)
  }

  /** Describes the pause that begins now. */
  news({ kind, code, keptUntil }: NotYet, pause: number): WaitNews {
    const now = this.#clock.now()
    if (this.#waiting?.kind !== kind) this.#waiting = { kind, since: now }
    if (kind === 'undecided') this.#undecidedSince ??= now
    const since = (kind === 'undecided' ? this.#undecidedSince : undefined) ?? this.#waiting.since
    const times = { since, until: now + this.left, nextTryAt: now + pause }
    return { kind, code, ...times, ...(keptUntil === undefined ? {} : { keptUntil }) }
  }

  /** How long nothing is asked, ms, while the other side would tell of news. */
  pauseWhileTold(): number {
    return Math.min(LONGEST_UNASKED_MS, this.left)
  }

  /** How long to wait at least, ms, though there is news: the more of it has come to nothing, the longer. */
  leastPause(): number {
    return Math.min(MIN_PAUSE_MS * 2 ** this.#falseNews, LONGEST_WAIT_PAUSE_MS)
  }

  /** There was news, and the answer is what it was. */
  wasMisled(): void {
    this.#falseNews += 1
  }

  /** @returns false if the signal came first */
  async rest(ms: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const timer: Timer = this.#clock.after(ms, () => resolve(true))
    const stop = (): void => resolve(false)
    signal.addEventListener('abort', stop)
    try {
      return await promise
    } finally {
      timer.clear()
      signal.removeEventListener('abort', stop)
    }
  }

  #ownPause(): number {
    const now = this.#clock.monotonic()
    this.#began ??= now
    const part = (now - this.#began) * PART_OF_WAIT
    return Math.min(Math.max(part, SHORTEST_WAIT_PAUSE_MS), LONGEST_WAIT_PAUSE_MS)
  }

  #longer(ms: number): number {
    return ms * (1 + this.#random() * JITTER)
  }
}
