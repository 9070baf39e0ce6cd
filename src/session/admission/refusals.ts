import type { Denial } from '../machine/listener-event.ts'

/** Why admission refused a session. */
export type RefusalCause =
  /** `maxConcurrentSessions` are under way. */
  | 'sessions'
  /** The sessions that are left are kept for peers that hold a reservation. */
  | 'kept'
  | 'peer_sessions'
  | 'peer_rate'
  | 'address_rate'
  | 'total_rate'
  | 'bad_secrets'
  /** The circuit breaker is open: building databases only fails at the moment. */
  | 'breaker'
  /** The disk is full, or does not answer. */
  | 'disk'
  | 'draining'
  /** The operator takes nothing from this peer. */
  | 'denied'

/** After how many ms a peer refused for lack of room may ask again, unless it is told another time. */
const BUSY_RETRY_MS = 1_000

/** After how many ms to ask a node again whose disk takes nothing: a person has to make room, or to look after it. */
const DISK_RETRY_MS = 10_000

/** After how many ms to ask a node again that is stopping: it may be restarting. */
const DRAINING_RETRY_MS = 5_000

/** Returns what the peer is told: no more than it needs to come back at a better time. */
export function denialFor(cause: RefusalCause, retryAfterMs: number = BUSY_RETRY_MS): Denial {
  switch (cause) {
    case 'sessions':
    case 'kept':
      return { code: 'busy', reason: 'too many sessions at once', retryAfterMs }
    case 'peer_sessions':
      return { code: 'busy', reason: 'too many sessions of yours at once', retryAfterMs }
    case 'breaker':
      return { code: 'busy', reason: 'nothing can be set up at the moment', retryAfterMs }
    case 'peer_rate':
    case 'bad_secrets':
      return { code: 'rate_limited', reason: 'too many requests from you', retryAfterMs }
    case 'address_rate':
      return { code: 'rate_limited', reason: 'too many requests from your address', retryAfterMs }
    case 'total_rate':
      return { code: 'rate_limited', reason: 'too many requests', retryAfterMs }
    case 'disk':
      return { code: 'busy', reason: 'nothing can be stored', retryAfterMs: DISK_RETRY_MS }
    case 'draining':
      return DRAINING
    case 'denied':
      return { code: 'denied', reason: 'this node takes nothing from you' }
    default:
      return cause satisfies never
  }
}

export const DRAINING: Denial = {
  code: 'draining',
  reason: 'this node is stopping',
  retryAfterMs: DRAINING_RETRY_MS,
}
