import type { Denial } from './machine/listener-event.ts'
import { RateLimit } from './rate-limit.ts'
import type { SessionConfig } from './session-config.ts'

/** After how many ms somebody refused for lack of room may ask again. */
const BUSY_RETRY_MS = 1_000

export const DRAINING: Denial = {
  code: 'draining',
  reason: 'this node is stopping',
  retryAfterMs: 5_000,
}

const BUSY: Denial = {
  code: 'busy',
  reason: 'too many sessions at once',
  retryAfterMs: BUSY_RETRY_MS,
}

/** Who may begin a session: asked before the session costs anything. */
export class Admission {
  readonly #limit: number
  readonly #rate: RateLimit
  #closed = false

  constructor(config: Pick<SessionConfig, 'maxConcurrentSessions' | 'rateLimitPerPeer'>) {
    this.#limit = config.maxConcurrentSessions
    this.#rate = new RateLimit(config.rateLimitPerPeer)
  }

  get closed(): boolean {
    return this.#closed
  }

  /** From now on nobody. */
  close(): void {
    this.#closed = true
  }

  /** Is there room for a session more? */
  room(sessions: number): Denial | undefined {
    if (this.#closed) return DRAINING
    return sessions < this.#limit ? undefined : BUSY
  }

  /** May this peer begin one? @param mono monotonic milliseconds */
  admit(peerId: string, sessions: number, mono: number): Denial | undefined {
    const denial = this.room(sessions)
    if (denial !== undefined) return denial
    const wait = this.#rate.take(peerId, mono)
    if (wait === 0) return undefined
    return { code: 'rate_limited', reason: 'too many requests from you', retryAfterMs: wait }
  }
}
