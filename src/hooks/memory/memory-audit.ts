import type { AuditHook, SessionAuditEvent } from '../session-hooks.ts'

/**
 * Audit events kept before the oldest one goes.
 * @default 10,000, enough for a look back; the whole trail is in the store
 */
const MAX_MEMORY_AUDIT_EVENTS = 10_000

export interface LoggedEvent {
  readonly sessionId: string
  readonly event: SessionAuditEvent
}

/** The last audit events, oldest first. */
export class MemoryAudit implements AuditHook {
  /** Up to twice the maximum, so that letting old ones go is rare work. */
  readonly #events: LoggedEvent[] = []
  readonly #max: number

  constructor(max: number = MAX_MEMORY_AUDIT_EVENTS) {
    this.#max = max
  }

  logSession(sessionId: string, event: SessionAuditEvent): void {
    this.#events.push({ sessionId, event })
    if (this.#events.length >= 2 * this.#max) this.#events.splice(0, this.#max)
  }

  /** Returns the events that are kept, of one session or of all. */
  events(sessionId?: string): readonly LoggedEvent[] {
    const kept = this.#events.slice(Math.max(0, this.#events.length - this.#max))
    return sessionId === undefined ? kept : kept.filter((logged) => logged.sessionId === sessionId)
  }
}
