import type { FailureReason } from '../../session/machine/failure.ts'
import type { SessionSummary } from '../../session/ports/session-summary.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import { recorded } from '../../session/ports/written.ts'
import type { SessionEvents } from '../../session/trace/session-events.ts'
import { RefusalTally } from './refusal-tally.ts'

/** How often what was refused is recorded, ms: at most one record a minute, whoever tries how often. */
const REFUSALS_INTERVAL_MS = 60_000

/** Reasons that may be faults of this side: in which step tells where to look. */
const OWN_FAULTS: ReadonlySet<string> = new Set<FailureReason>([
  'step_deadline',
  'session_deadline',
  'hook_failed',
  'internal',
])

/** The events of refusals. */
export interface Refuser {
  on<Name extends 'refused' | 'ended'>(
    name: Name,
    hear: (...args: SessionEvents[Name]) => void,
  ): unknown
  off<Name extends 'refused' | 'ended'>(
    name: Name,
    hear: (...args: SessionEvents[Name]) => void,
  ): unknown
}

export interface RefusalKeeperInit {
  readonly store: Pick<SessionStore, 'submit'>
  readonly sessions: Refuser
  /** Called when nothing could be recorded; it is tried again later. */
  onFailure(error: unknown): void
}

/**
 * Records attempts of strangers, in sum: a peer without a good secret leaves no row of its own, so nobody can fill the
 * disk. A peer with one has a record for each attempt, from its session.
 */
export class RefusalKeeper {
  readonly #init: RefusalKeeperInit
  readonly #tally = new RefusalTally()
  #timer: NodeJS.Timeout | undefined
  #recording: Promise<void> = Promise.resolve()

  constructor(init: RefusalKeeperInit) {
    this.#init = init
  }

  /** Idempotent. */
  start(): void {
    if (this.#timer !== undefined) return
    this.#init.sessions.on('refused', this.#refused)
    this.#init.sessions.on('ended', this.#ended)
    this.#timer = setInterval(() => void this.#record(), REFUSALS_INTERVAL_MS).unref()
  }

  /** Records what there is. Idempotent; does nothing if it was not started. */
  async stop(): Promise<void> {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#init.sessions.off('refused', this.#refused)
    this.#init.sessions.off('ended', this.#ended)
    await this.#record()
  }

  readonly #refused = (peerId: string, code: string): void => {
    this.#tally.add(code, peerId, Date.now())
  }

  readonly #ended = (summary: SessionSummary): void => {
    const { side, tokenId, reason, peerId, step } = summary
    if (side !== 'listener' || tokenId !== undefined || reason === undefined) return
    // The store dropped it, which has a record of its own: nobody was refused.
    if (reason === 'crashed') return
    this.#tally.add(reason, peerId, Date.now(), OWN_FAULTS.has(reason) ? step : undefined)
  }

  /** One at a time. Never rejects. */
  #record(): Promise<void> {
    this.#recording = this.#recording.then(() => this.#recordNow())
    return this.#recording
  }

  async #recordNow(): Promise<void> {
    const data = this.#tally.take()
    if (data === undefined) return
    try {
      const told = { type: 'security', severity: 'notice', data } as const
      const record = { ...told, at: Date.now(), monotonic: performance.now() }
      await recorded(this.#init.store, record)
    } catch (error) {
      this.#tally.takeBack()
      this.#init.onFailure(error)
    }
  }
}
