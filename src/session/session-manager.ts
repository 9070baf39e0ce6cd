import { EventEmitter } from 'node:events'
import type { SessionHooks } from '../hooks/session-hooks.ts'
import { encodeMessage } from '../protocol/message-codec.ts'
import type { BootstrapRequest } from './bootstrap-request.ts'
import { finishedBefore, outcomeOf, planFor } from './dialer/attempt.ts'
import { DialerSession } from './dialer/dialer-session.ts'
import { refusalOf } from './listener/listener-answer.ts'
import { ListenerSession } from './listener/listener-session.ts'
import type { Denial } from './machine/listener-event.ts'
import type { BootstrapOutcome } from './outcome.ts'
import type { Party } from './party.ts'
import type { Clock, Timer } from './ports/clock.ts'
import type { Dialer } from './ports/dialer.ts'
import type { Ids } from './ports/ids.ts'
import type { JournalEntry, SessionStore, SessionSummary } from './ports/store.ts'
import type { Transport } from './ports/transport.ts'
import { RANDOM_IDS } from './random-ids.ts'
import { RateLimit } from './rate-limit.ts'
import { releaseLapsed } from './release-lapsed.ts'
import { DEFAULT_SESSION_CONFIG, type SessionConfig } from './session-config.ts'
import type { SessionCounts, SessionEvents } from './session-events.ts'
import type { SessionPorts } from './session-ports.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

/** What a manager stands on. */
export interface SessionManagerPorts {
  readonly store: SessionStore
  /** Asked anew for each answer. */
  party(): Party
  /** @default the computer's own */
  readonly clock?: Clock
  /** @default random */
  readonly ids?: Ids
}

/** After how many ms a refused peer may ask again. */
const BUSY_RETRY_MS = 1_000

/** All sessions of one node, each on its own. */
export class SessionManager extends EventEmitter<SessionEvents> {
  readonly config: SessionConfig
  readonly #ports: SessionPorts
  readonly #listeners = new Set<ListenerSession>()
  readonly #dialers = new Map<string, DialerSession>()
  readonly #waiting = new Map<string, () => void>()
  readonly #closings = new Set<Promise<void>>()
  readonly #running = new Set<string>()
  readonly #rate: RateLimit
  #draining = false
  #cleanup: Timer | undefined

  constructor(
    hooks: SessionHooks,
    config: Partial<SessionConfig>,
    { store, party, clock = SYSTEM_CLOCK, ids = RANDOM_IDS }: SessionManagerPorts,
  ) {
    super()
    this.config = { ...DEFAULT_SESSION_CONFIG, ...config }
    this.#rate = new RateLimit(this.config.rateLimitPerPeer)
    this.#ports = {
      hooks,
      store,
      clock,
      ids,
      config: this.config,
      party,
      hookComplaint: (hook, detail) => this.emit('hookComplaint', hook, detail),
      observer: {
        moved: (summary, path, recorded) => this.#moved(summary, path, recorded),
        ended: (summary) => this.#ended(summary),
        storeFailed: (error) => this.emit('storeFailed', error),
      },
    }
  }

  /** Begin to release lapsed reservations. */
  start(): void {
    this.#cleanup ??= this.#armCleanup()
  }

  /** Sessions under way. */
  getActiveSessionCounts(): SessionCounts {
    const listener = this.#listeners.size
    const dialer = this.#dialers.size
    return { listener, dialer, total: listener + dialer }
  }

  /** A stream has come in: make a session of it, or say why not. */
  accept(transport: Transport): void {
    const denial = this.#admit(transport.remotePeer)
    if (denial !== undefined) {
      this.#refuse(transport, denial)
      return
    }
    const session: ListenerSession = new ListenerSession(
      transport,
      {
        ...this.#ports,
        observer: {
          ...this.#ports.observer,
          ended: (summary) => {
            this.#listeners.delete(session)
            this.#ended(summary)
          },
          storeFailed: (error) => {
            this.#listeners.delete(session)
            this.emit('storeFailed', error)
          },
        },
      },
      this.#running,
    )
    this.#listeners.add(session)
    session.start()
  }

  /** Redeem a link. Never rejects for what the other side does: that is an outcome. */
  async initiate(request: BootstrapRequest, dialer: Dialer): Promise<BootstrapOutcome> {
    const { plan, linkHash, secretText } = planFor(request, this.#ports, dialer.localPeer)
    const config =
      request.timeoutMs === undefined
        ? this.config
        : { ...this.config, sessionTimeoutMs: request.timeoutMs }
    const startedAt = this.#ports.clock.monotonic()
    const outcome = await new Promise<BootstrapOutcome>((resolve, reject) => {
      const ports: SessionPorts = {
        ...this.#ports,
        config,
        observer: {
          ...this.#ports.observer,
          ended: (summary) => {
            this.#forget(session)
            this.#ended(summary)
            resolve(outcomeOf(session.state, summary.durationMs ?? 0))
          },
          storeFailed: (error) => {
            this.#forget(session)
            this.emit('storeFailed', error)
            reject(error)
          },
        },
      }
      const session: DialerSession = new DialerSession({
        plan,
        linkHash,
        secretText,
        dialer,
        ports,
      })
      this.#dialers.set(session.sessionId, session)
      const abort = (): void => session.cancel('the caller gave up')
      request.signal?.addEventListener('abort', abort)
      this.#waiting.set(session.sessionId, () =>
        request.signal?.removeEventListener('abort', abort),
      )
      session.start()
      if (request.signal?.aborted === true) abort()
    })
    const durationMs = this.#ports.clock.monotonic() - startedAt
    return outcome.completed
      ? outcome
      : (finishedBefore(outcome, linkHash, this.#ports.store, durationMs) ?? outcome)
  }

  /**
   * Take nothing new, let what is under way finish, then cut the rest off.
   * @param ms how long to wait
   * @returns how many sessions had to be cut off
   */
  async drain(ms: number): Promise<{ readonly cut: number }> {
    this.#draining = true
    this.#cleanup?.clear()
    this.#cleanup = undefined
    await this.#quiet(ms)
    const left = [...this.#listeners, ...this.#dialers.values()]
    for (const session of this.#listeners) session.cancel(DRAINING)
    for (const session of this.#dialers.values()) session.cancel('this node is stopping')
    await Promise.allSettled(this.#closings)
    return { cut: left.length }
  }

  #moved(summary: SessionSummary, path: readonly JournalEntry[], recorded: boolean): void {
    this.emit('session', summary, path)
    if (recorded) this.#tellAudit(summary, path)
  }

  #tellAudit(summary: SessionSummary, path: readonly JournalEntry[]): void {
    const { audit } = this.#ports.hooks
    const last = path.at(-1)
    if (last === undefined) return
    const data = {
      side: summary.side,
      from: path[0]?.from ?? last.from,
      to: last.to,
      ms: last.ms,
      peerId: summary.peerId,
      ...(summary.reason === undefined ? {} : { reason: summary.reason }),
      ...(summary.step === undefined ? {} : { step: summary.step }),
      ...(summary.tallyId === undefined ? {} : { tallyId: summary.tallyId }),
    }
    const failed = (error: unknown): boolean => this.emit('hookComplaint', 'audit', String(error))
    try {
      const told = audit.logSession(summary.id, { type: 'state', at: last.at, data })
      if (told !== undefined) Promise.resolve(told).catch(failed)
    } catch (error) {
      failed(error)
    }
  }

  #ended(summary: SessionSummary): void {
    this.emit('ended', summary)
  }

  #forget(session: DialerSession): void {
    this.#dialers.delete(session.sessionId)
    this.#waiting.get(session.sessionId)?.()
    this.#waiting.delete(session.sessionId)
    this.#track(session.closing)
  }

  #track(closing: Promise<void>): void {
    this.#closings.add(closing)
    closing.finally(() => this.#closings.delete(closing))
  }

  #admit(peerId: string): Denial | undefined {
    if (this.#draining) return DRAINING
    if (this.getActiveSessionCounts().total >= this.config.maxConcurrentSessions) {
      return { code: 'busy', reason: 'too many sessions at once', retryAfterMs: BUSY_RETRY_MS }
    }
    const wait = this.#rate.take(peerId, this.#ports.clock.monotonic())
    return wait === 0
      ? undefined
      : { code: 'rate_limited', reason: 'too many requests from you', retryAfterMs: wait }
  }

  #refuse(transport: Transport, denial: Denial): void {
    this.emit('refused', transport.remotePeer, denial.code)
    transport.listen(DEAF)
    const said = transport.send(encodeMessage(refusalOf(denial))).then(
      () => transport.close(),
      () => transport.reset(),
    )
    this.#track(said)
  }

  #armCleanup(): Timer {
    return this.#ports.clock.after(this.config.cleanupIntervalMs, () => {
      releaseLapsed(this.#ports, (redemptionId) => this.#running.has(redemptionId))
      if (!this.#draining) this.#cleanup = this.#armCleanup()
    })
  }

  async #quiet(ms: number): Promise<void> {
    const until = this.#ports.clock.monotonic() + ms
    while (this.getActiveSessionCounts().total > 0 && this.#ports.clock.monotonic() < until) {
      await this.#next(until - this.#ports.clock.monotonic())
    }
  }

  /** Resolves when a session ends, or after `ms`. */
  #next(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#ports.clock.after(ms, done)
      const removeListener = (): void => void this.off('ended', done)
      function done(): void {
        timer.clear()
        removeListener()
        resolve()
      }
      this.on('ended', done)
    })
  }
}

const DRAINING: Denial = {
  code: 'draining',
  reason: 'this node is stopping',
  retryAfterMs: 5_000,
}

/** A refused stream is not read. */
const DEAF = {
  frame: () => undefined,
  problem: () => undefined,
  ended: () => undefined,
  closed: () => undefined,
}
