import { DocumentGuard, type Guard } from '../../tally/guard/guarded-document.ts'
import type { GuardTurns } from './guard-turns.ts'

/**
 * A partner whose document holds a thread may keep this side waiting for so long, ms, all its turns together, while somebody
 * else waits for one: time for the largest message on a slow line.
 */
const MAX_KEPT_WAITING_MS = 20_000

/** Once that is over, it is looked so often, ms, whether somebody has come to wait. */
const LOOK_AGAIN_MS = 1_000

export interface PartnerGuardInit {
  readonly turns: GuardTurns
  /** Guards each document. @default one thread */
  readonly guard?: Guard | undefined
  /** The partner has kept this side waiting for too long. The exchange is to end. */
  giveUp(): void
  /** @default MAX_KEPT_WAITING_MS */
  readonly maxKeptWaitingMs?: number
}

/**
 * The guard of one partner's documents, one after the other: its thread is kept from one to the next, since a start takes
 * longer than a small document, unless somebody else waits for a turn. Nobody holds a turn by being silent.
 */
export class PartnerGuard {
  readonly #init: PartnerGuardInit
  readonly #guard: Guard
  #done: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined
  /** Ms that the partner may still keep this side waiting about this document. */
  #leftMs = 0
  #waitsSince = 0

  constructor(init: PartnerGuardInit) {
    this.#init = init
    this.#guard = init.guard ?? new DocumentGuard()
  }

  /** Resolves when it is the partner's turn, for one document. */
  async take(): Promise<Guard> {
    this.#done ??= await this.#init.turns.take()
    this.#leftMs = this.#init.maxKeptWaitingMs ?? MAX_KEPT_WAITING_MS
    return this.#guard
  }

  /** Does work on the document; before and after it this side waits for the partner. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#ceaseToWait()
    try {
      return await work()
    } finally {
      this.#wait()
    }
  }

  /** The document is done with. */
  async rest(): Promise<void> {
    this.#ceaseToWait()
    if (this.#init.turns.isAwaited) await this.end()
  }

  /** Ends the thread, and gives the turn back. The next document takes both anew. Idempotent. */
  async end(): Promise<void> {
    this.#ceaseToWait()
    try {
      await this.#guard.end()
    } finally {
      this.#done?.()
      this.#done = undefined
    }
  }

  #wait(): void {
    this.#waitsSince = performance.now()
    this.#lookIn(this.#leftMs)
  }

  #lookIn(ms: number): void {
    this.#timer = setTimeout(
      () => {
        if (this.#init.turns.isAwaited) this.#init.giveUp()
        else this.#lookIn(LOOK_AGAIN_MS)
      },
      Math.max(0, ms),
    )
  }

  #ceaseToWait(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#leftMs -= performance.now() - this.#waitsSince
  }
}
