import { performance } from 'node:perf_hooks'
import type { NetworkLimits } from '../base/limits.ts'

/** Milliseconds between two looks at who may begin, while somebody waits. */
const LOOK_MS = 20

/** The part of the time for which the event loop is busy at least while peers wait for it, not it for them. */
const BUSY_SHARE = 0.9

/** Milliseconds that a handshake counts as work of ours while the loop is busy: some round trips of peers that are near. */
const TURN_MS = 250

/** The same while the loop has time to spare, because then it waits for the peer. */
const IDLE_TURN_MS = 50

/** Monotonic ms. */
type Time = number

interface Waiting {
  readonly since: Time
  begin(over: (() => void) | undefined): void
}

/** Tells the time, and for which part of it the event loop was busy since the last call. */
export interface LoopWatch {
  now(): Time
  busyShare(): number
}

/**
 * Inbound handshakes begin in the order in which they came, a few at a time. A thousand at once would share the
 * processor, and all of them be done when the last one is: too late for most. Nobody holds up others by being
 * slow: whose turn takes long goes on, and no longer counts.
 */
export class HandshakeTurns {
  readonly #limits: Pick<
    NetworkLimits,
    'handshakesAtOnce' | 'maxPendingConnections' | 'upgradeTimeoutMs'
  >
  readonly #watch: LoopWatch
  /** The time at which each began, the oldest first. */
  readonly #begun = new Map<object, Time>()
  #waiting: Waiting[] = []
  #silent = 0
  #timer: NodeJS.Timeout | undefined

  constructor(
    limits: Pick<NetworkLimits, 'handshakesAtOnce' | 'maxPendingConnections' | 'upgradeTimeoutMs'>,
    watch: LoopWatch = loopWatch(),
  ) {
    this.#limits = limits
    this.#watch = watch
  }

  /** Whether a handshake that came now would have to wait. */
  get isBusy(): boolean {
    return this.#begun.size >= this.#limits.handshakesAtOnce
  }

  /**
   * Resolves with the first word of a peer: a silent one takes no turn.
   * @returns false, at once, if too many peers are silent
   */
  async hear(word: Promise<void>): Promise<boolean> {
    if (this.#silent >= this.#limits.maxPendingConnections) return false
    this.#silent += 1
    await word
    this.#silent -= 1
    return true
  }

  /**
   * Resolves when a handshake may begin.
   * @returns a function to call when it is over; undefined if too many wait, or if it waited so long that its peer has
   *   given up
   */
  take(): Promise<(() => void) | undefined> {
    const { promise, resolve } = Promise.withResolvers<(() => void) | undefined>()
    if (this.#waiting.length >= this.#limits.maxPendingConnections) resolve(undefined)
    else this.#waiting.push({ since: this.#watch.now(), begin: resolve })
    this.#next()
    return promise
  }

  #next(): void {
    let begins = 0
    for (const { since, begin } of this.#waiting) {
      const isLate = this.#watch.now() - since > this.#limits.upgradeTimeoutMs
      if (!isLate && this.isBusy) break
      begins += 1
      begin(isLate ? undefined : this.#begin())
    }
    this.#waiting = this.#waiting.slice(begins)
    if (this.#waiting.length > 0) this.#look()
  }

  #begin(): () => void {
    const turn = {}
    this.#begun.set(turn, this.#watch.now())
    return () => {
      if (this.#begun.delete(turn) && this.#waiting.length > 0) this.#next()
    }
  }

  /** Sees to it, while somebody waits, that nobody before it keeps a turn for ever. */
  #look(): void {
    if (this.#timer !== undefined) return
    this.#watch.busyShare()
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#takeBack()
      this.#next()
    }, LOOK_MS)
  }

  #takeBack(): void {
    const turnMs = this.#watch.busyShare() < BUSY_SHARE ? IDLE_TURN_MS : TURN_MS
    const until = this.#watch.now() - turnMs
    for (const [turn, begunAt] of this.#begun) {
      if (begunAt > until) return
      this.#begun.delete(turn)
    }
  }
}

function loopWatch(): LoopWatch {
  let before = performance.eventLoopUtilization()
  return {
    now: () => performance.now(),
    busyShare: () => {
      const now = performance.eventLoopUtilization()
      const { utilization } = performance.eventLoopUtilization(now, before)
      before = now
      return utilization
    },
  }
}
