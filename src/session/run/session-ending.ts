import type { AwaitedStore } from './awaited-store.ts'
import type { EventQueue } from './event-queue.ts'
import type { StateName } from './session-machine.ts'
import type { SessionReport } from './session-report.ts'
import type { SessionStep } from './session-step.ts'
import type { UnwrittenMoves } from './unwritten-moves.ts'

interface EndingParts<State extends { name: StateName }> {
  readonly events: Pick<EventQueue<never>, 'isOver' | 'end'>
  readonly step: SessionStep
  readonly store: AwaitedStore
  readonly unwritten: UnwrittenMoves
  readonly report: SessionReport<State>
}

/** The ways in which a session ends. */
export class SessionEnding<State extends { name: StateName }> {
  readonly #parts: EndingParts<State>
  #hasBegun = false

  constructor(parts: EndingParts<State>) {
    this.#parts = parts
  }

  /** Its final state stands, whatever fails from now on: `ended` is told, or is about to be. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** The move that ends it is durable, or need not be; what it has to do goes first. */
  begin(): void {
    this.#hasBegun = true
  }

  end(): void {
    this.begin()
    this.#waitNoMore()
    this.#parts.report.ended()
  }

  /** Ends the session without a word if it waits for the disk: its end is told when that has answered. */
  giveUp(): void {
    const { events, store, report } = this.#parts
    if (events.isOver || !store.isOpen) return
    this.#stop()
    report.inDoubt(store.over())
  }

  /**
   * Ends the session without a word or an effect: what could not be stored did not happen. Likewise after a fault of our
   * own code that no event can tell of.
   */
  storeFailed(error: unknown): void {
    if (this.#parts.events.isOver) return
    this.#stop()
    this.#parts.report.storeFailed(error)
  }

  #stop(): void {
    this.#parts.events.end()
    this.#waitNoMore()
    this.#parts.step.scope.end()
  }

  #waitNoMore(): void {
    const { step, store, unwritten } = this.#parts
    step.clear()
    store.clear()
    unwritten.stop()
  }
}
