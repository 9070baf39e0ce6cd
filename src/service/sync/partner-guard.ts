import { DocumentGuard, type Guard } from '../../tally/guard/guarded-document.ts'
import type { GuardTurns } from './guard-turns.ts'

/**
 * The guard of one partner's documents, one after the other: its thread is kept from one to the next, since a start takes
 * longer than a small document, unless somebody else waits for a turn.
 */
export class PartnerGuard {
  readonly #turns: GuardTurns
  readonly #guard: Guard
  #done: (() => void) | undefined

  /** @param guard of each document */
  constructor(turns: GuardTurns, guard: Guard = new DocumentGuard()) {
    this.#turns = turns
    this.#guard = guard
  }

  /** Resolves when it is the partner's turn. */
  async take(): Promise<Guard> {
    this.#done ??= await this.#turns.take()
    return this.#guard
  }

  /** A document is done with. */
  async rest(): Promise<void> {
    if (this.#turns.isAwaited) await this.end()
  }

  async end(): Promise<void> {
    try {
      await this.#guard.end()
    } finally {
      this.#done?.()
      this.#done = undefined
    }
  }
}
