/**
 * The reason to wait: the other side is `away`; it is there and says "come again in a moment" (`busy`); a person there has
 * not said yes or no (`undecided`).
 */
export type WaitKind = 'away' | 'busy' | 'undecided'

/** An answer, or a failure, after which the same may be asked again. */
export interface NotYet {
  readonly kind: WaitKind
  /** The code of the refusal or the error. */
  readonly code: string
  /** Milliseconds after which asking again makes sense, as the other side says. */
  readonly retryAfterMs?: number | undefined
  /** `undecided`: until when the other side keeps the place, ms since the epoch. */
  readonly keptUntil?: number | undefined
}

/** A pause between two tries, as a person may be told of it. Times in ms since the epoch. */
export interface WaitNews {
  readonly kind: WaitKind
  readonly code: string
  /** When this kind of waiting began. */
  readonly since: number
  /** When it is given up. */
  readonly until: number
  /** When it is tried again, unless there is news before. */
  readonly nextTryAt: number
  /** As in `NotYet`. */
  readonly keptUntil?: number
}

export type HearWait = (news: WaitNews) => void

/** Refusals of somebody who is there and means "not now". Any other refusal would be repeated. */
const BUSY: ReadonlySet<string> = new Set([
  'busy',
  'rate_limited',
  'draining',
  'in_progress',
  'paused',
])

/**
 * Failures after which nothing stands against the same try: nobody was reached, or the line, a relay or the time gave out.
 * They are the errors and endings with the exit codes 6 and 8 that a bootstrap can have.
 */
const AWAY: ReadonlySet<string> = new Set([
  'unreachable',
  'no_answer',
  'transport_closed',
  'relay_limit',
  'timed_out',
  'peer_ended',
  'stream_lost',
  'step_deadline',
  'session_deadline',
  'database_unreachable',
])

/** A "no" of the other side, or the reason of a session that has failed. */
export interface No {
  readonly code: string
  readonly retryAfterMs?: number | undefined
  /** As in a `Refusal`. */
  readonly pendingUntil?: number | undefined
}

/** Tells whether a "no" is one to come again after; undefined if it is meant. */
export function notYetAfter({ code, retryAfterMs, pendingUntil }: No): NotYet | undefined {
  if (code === 'pending') return { kind: 'undecided', code, retryAfterMs, keptUntil: pendingUntil }
  if (BUSY.has(code)) return { kind: 'busy', code, retryAfterMs }
  return AWAY.has(code) ? { kind: 'away', code, retryAfterMs } : undefined
}

/** The same of an error. */
export function notYetOf(error: unknown): NotYet | undefined {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string'))
    return undefined
  return AWAY.has(error.code) ? { kind: 'away', code: error.code } : undefined
}
