import type { Refused } from '../admission/admission.ts'
import { denialFor, type RefusalCause } from '../admission/refusals.ts'
import type { BackgroundWork } from '../host/background-work.ts'
import type { Clock } from '../ports/clock.ts'
import type { Transport } from '../ports/transport.ts'
import type { SessionEmitter } from '../trace/session-emitter.ts'
import { refuseStream } from './refuse-stream.ts'

/** A refusal each so many ms, as long as not more wait than fit into a second. */
const PACE_MS = 20

/** The longest that a refused peer waits for the word, ms: it was one honest try too many, perhaps. */
export const MAX_REFUSAL_DELAY_MS = 1_000

/** Streams that wait for their refusal, of all peers. The next ones are reset: that costs least of all. */
export const MAX_DELAYED_REFUSALS = 500

/** Causes that are the peer's own doing: it has come too often, or is not wanted. */
const OWN_DOING: ReadonlySet<RefusalCause> = new Set([
  'peer_sessions',
  'peer_rate',
  'bad_secrets',
  'denied',
])

export interface PacedRefusalsPorts {
  readonly background: Pick<BackgroundWork, 'track'>
  readonly clock: Clock
  readonly emitter: Pick<SessionEmitter, 'refused'>
}

/**
 * Refuses streams, and spreads what is said to peers who ask more than they may. One that is answered at once asks again
 * at once, as fast as this process can say no, and every honest peer waits behind its questions.
 */
export class PacedRefusals {
  readonly #ports: PacedRefusalsPorts
  /** When the next one has its turn, monotonic ms. */
  #next = Number.NEGATIVE_INFINITY
  #delayed = 0

  constructor(ports: PacedRefusalsPorts) {
    this.#ports = ports
  }

  /** @param ms how long the words may take to leave */
  refuse(transport: Transport, { cause, retryAfterMs }: Refused, ms: number): void {
    const { background, clock, emitter } = this.#ports
    const denial = denialFor(cause, retryAfterMs)
    emitter.refused(transport.remotePeer, denial.code)
    const afterMs = OWN_DOING.has(cause) ? this.#turn() : 0
    if (afterMs === 0) return background.track(refuseStream(transport, denial, clock, { ms }))
    if (this.#delayed >= MAX_DELAYED_REFUSALS) return transport.reset()
    this.#delayed += 1
    const told = refuseStream(transport, denial, clock, { ms, afterMs })
    background.track(
      told.finally(() => {
        this.#delayed -= 1
      }),
    )
  }

  /** Takes a turn. @returns how long it is until then, ms */
  #turn(): number {
    const now = this.#ports.clock.monotonic()
    const waitMs = Math.max(0, this.#next - now)
    // Nobody has asked for a while: a second's turns may be taken at once.
    const next = Math.max(this.#next, now - MAX_REFUSAL_DELAY_MS) + PACE_MS
    this.#next = Math.min(next, now + MAX_REFUSAL_DELAY_MS)
    return waitMs
  }
}
