import type { EventEmitter } from 'node:events'
import type { MessageExtent } from '../../protocol/json/message-extent.ts'
import type { RefusalCode } from '../../protocol/message/messages.ts'
import { describeThrown } from '../host/describe-thrown.ts'
import type { Deadlines } from '../machine/deadlines.ts'
import type { Clock } from '../ports/clock.ts'
import type { JournalEntry, SessionSummary } from '../ports/session-summary.ts'
import type { RequestNews } from '../ports/uses/pending-request.ts'
import { nearLimitsOf } from '../run/near-limits.ts'
import type { SessionEvents } from './session-events.ts'

/**
 * The same failure of the store is emitted once in so many ms: again after that, because a listener that waits for it to
 * be over may have taken it for over.
 */
const SAME_FAILURE_MS = 1_000

/** Emits the events of a session manager: a listener that throws hurts no session. */
export class SessionEmitter {
  readonly #emitter: EventEmitter<SessionEvents>
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #deadlines: Deadlines
  /** The last failure that was emitted, and when, monotonic ms. */
  #failure = { text: '', at: 0 }

  /** @param deadlines read anew for each session: its members may change */
  constructor(
    emitter: EventEmitter<SessionEvents>,
    clock: Pick<Clock, 'monotonic'>,
    deadlines: Deadlines,
  ) {
    this.#emitter = emitter
    this.#clock = clock
    this.#deadlines = deadlines
  }

  moved(summary: SessionSummary, path: readonly JournalEntry[]): void {
    this.#tell('session', () => this.#emitter.emit('session', summary, path))
  }

  ended(summary: SessionSummary, extent: MessageExtent): void {
    this.#tell('ended', () => this.#emitter.emit('ended', summary))
    for (const { kind, detail } of nearLimitsOf(summary, extent, this.#deadlines)) {
      this.#tell('strained', () => this.#emitter.emit('strained', summary.id, detail, kind))
    }
  }

  refused(peerId: string, code: RefusalCode): void {
    this.#tell('refused', () => this.#emitter.emit('refused', peerId, code))
  }

  request(news: RequestNews): void {
    this.#tell('request', () => this.#emitter.emit('request', news))
  }

  /** A failed commit fails for all sessions that share it, but is emitted once. */
  storeFailed(error: unknown): void {
    const failure = { text: String(error), at: this.#clock.monotonic() }
    const { text, at } = this.#failure
    if (text === failure.text && failure.at - at < SAME_FAILURE_MS) return
    this.#failure = failure
    this.#tell('storeFailed', () => this.#emitter.emit('storeFailed', error))
  }

  alarmed(sessionId: string, detail: string): void {
    this.#tell('alarmed', () => this.#emitter.emit('alarmed', sessionId, detail))
  }

  complain(hook: string, detail: string): void {
    this.#tell('hookComplaint', () => this.#emitter.emit('hookComplaint', hook, detail))
  }

  #tell(name: keyof SessionEvents, emit: () => void): void {
    try {
      emit()
    } catch (error) {
      const detail = describeThrown(error)
      if (name !== 'hookComplaint') this.complain(`listener of '${name}'`, detail)
    }
  }
}
