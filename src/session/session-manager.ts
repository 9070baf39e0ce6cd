import { EventEmitter } from 'node:events'
import type { SessionHooks } from '../hooks/session-hooks.ts'
import { Admission, DRAINING } from './admission.ts'
import type { BootstrapRequest } from './bootstrap-request.ts'
import { describeThrown } from './describe-thrown.ts'
import {
  finishedBefore,
  LINK_BUSY,
  notBegun,
  outcomeOf,
  type Planned,
  planFor,
} from './dialer/attempt.ts'
import { DialerSession } from './dialer/dialer-session.ts'
import { HighestClock } from './highest-clock.ts'
import { keepTime } from './keep-time.ts'
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
import { refuseStream } from './refuse-stream.ts'
import { releaseLapsed } from './release-lapsed.ts'
import { RememberingStore } from './remembering-store.ts'
import { settleRemovals } from './removals.ts'
import { DEFAULT_SESSION_CONFIG, type SessionConfig } from './session-config.ts'
import type { SessionCounts, SessionEvents } from './session-events.ts'
import type { SessionPorts } from './session-ports.ts'
import type { RunnerObserver } from './session-runner.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'
import { TallyDatabases } from './tally-databases.ts'
import { tellAudit } from './tell-audit.ts'

/** What a manager stands on. */
export interface SessionManagerPorts {
  readonly store: SessionStore
  /** Asked anew for each session. */
  party(): Party
  /** What it says is taken for the highest time seen so far, if it is lower. @default the computer's own */
  readonly clock?: Clock
  /** @default random */
  readonly ids?: Ids
  /**
   * Names this process to others that share the store, if they can find out whether it is alive.
   * @default none: what a dead process held is free when its lease has run out
   */
  readonly processId?: string
}

/** All sessions of one node, each on its own. */
export class SessionManager extends EventEmitter<SessionEvents> {
  readonly config: SessionConfig
  readonly #ports: SessionPorts
  readonly #store: RememberingStore
  readonly #clock: HighestClock
  readonly #admission: Admission
  readonly #listeners = new Set<ListenerSession>()
  readonly #dialers = new Set<DialerSession>()
  /** Sessions that are over, with streams that are not. */
  readonly #lingering = new Set<ListenerSession>()
  /** What stopping waits for beside sessions. */
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #running = new Set<string>()
  #cleanup: Timer | undefined

  constructor(
    hooks: SessionHooks,
    config: Partial<SessionConfig>,
    { store, party, clock = SYSTEM_CLOCK, ids = RANDOM_IDS, processId = '' }: SessionManagerPorts,
  ) {
    super()
    this.config = { ...DEFAULT_SESSION_CONFIG, ...config }
    this.#admission = new Admission(this.config)
    this.#clock = clock instanceof HighestClock ? clock : new HighestClock(clock)
    this.#store = new RememberingStore(store, this.#clock)
    this.#ports = {
      hooks,
      store: this.#store,
      clock: this.#clock,
      ids,
      processId,
      config: this.config,
      databases: new TallyDatabases(),
      party,
      hookComplaint: (hook, detail) => this.#complain(hook, detail),
      track: (work) => this.#track(work),
      settleRemovals: () => this.#track(settleRemovals(this.#ports)),
      observer: {
        moved: (summary, path, recorded) => this.#moved(summary, path, recorded),
        ended: (summary) => this.#tell('ended', () => this.emit('ended', summary)),
        storeFailed: (error) => this.#tell('storeFailed', () => this.emit('storeFailed', error)),
      },
    }
  }

  /** Begin to tidy up: what an earlier process left behind at once, later things as they come. */
  start(): void {
    if (this.#cleanup !== undefined) return
    this.#cleanup = this.#armCleanup()
    this.#track(this.#tidy())
  }

  /** Sessions under way. */
  getActiveSessionCounts(): SessionCounts {
    const listener = this.#listeners.size
    const dialer = this.#dialers.size
    return { listener, dialer, total: listener + dialer }
  }

  /** A stream has come in: make a session of it, or say why not. */
  accept(transport: Transport): void {
    const { clock } = this.#ports
    const { total } = this.getActiveSessionCounts()
    const { remotePeer } = transport
    const denial = this.#admission.admit(remotePeer, total, clock.monotonic())
    if (denial !== undefined) {
      this.#track(refuseStream(transport, denial, clock, this.config.stepTimeoutMs))
      this.#tell('refused', () => this.emit('refused', remotePeer, denial.code))
      return
    }
    try {
      this.#store.recall()
    } catch (error) {
      transport.reset()
      this.#ports.observer.storeFailed(error)
      return
    }
    const over = (): void => {
      this.#listeners.delete(session)
      this.#linger(session)
    }
    const ports = this.#portsFor(this.config, over)
    const session: ListenerSession = new ListenerSession(transport, ports, this.#running)
    this.#listeners.add(session)
    session.start()
  }

  /**
   * Redeem a link. What the other side does is an outcome, never an exception.
   * @throws StoreError
   */
  async initiate(request: BootstrapRequest, dialer: Dialer): Promise<BootstrapOutcome> {
    const { clock, ids, store } = this.#ports
    const denial = this.#admission.room(this.getActiveSessionCounts().total)
    if (denial !== undefined) return notBegun(ids.session(), denial)
    this.#store.recall()
    const planned = planFor(request, this.#ports, dialer.localPeer)
    if (planned.isBusy) return notBegun(planned.plan.sessionId, LINK_BUSY)
    const startedAt = clock.monotonic()
    const outcome = await this.#redeem(planned, request, dialer)
    if (outcome.completed || request.another === true) return outcome
    const durationMs = clock.monotonic() - startedAt
    return (await finishedBefore(outcome, planned.linkHash, store, durationMs)) ?? outcome
  }

  /**
   * End one session, telling its peer that it was the operator's wish.
   * @returns false if no such session is under way here
   */
  cancelSession(sessionId: string): boolean {
    const [listener] = [...this.#listeners].filter((each) => each.sessionId === sessionId)
    const [dialer] = [...this.#dialers].filter((each) => each.sessionId === sessionId)
    listener?.cancel(CANCELLED)
    dialer?.cancel(CANCELLED.reason)
    return listener !== undefined || dialer !== undefined
  }

  /**
   * Take nothing new, let what is under way finish, then cut the rest off.
   * @param ms how long to wait
   * @returns how many sessions had to be cut off
   */
  async drain(ms: number): Promise<{ readonly cut: number }> {
    this.#admission.close()
    const wasStarted = this.#cleanup !== undefined
    this.#cleanup?.clear()
    this.#cleanup = undefined
    await this.#quiet(ms)
    const cut = this.getActiveSessionCounts().total
    for (const session of this.#listeners) session.cancel(DRAINING)
    for (const session of this.#dialers) session.cancel(DRAINING.reason)
    await this.#quiet(this.config.stepTimeoutMs)
    for (const session of this.#lingering) void session.tail.cut()
    await Promise.all(this.#underWay)
    if (wasStarted) await keepTime(this.#store, this.#clock, this.#ports)
    return { cut }
  }

  #redeem(planned: Planned, request: BootstrapRequest, dialer: Dialer): Promise<BootstrapOutcome> {
    const { signal, timeoutMs = this.config.sessionTimeoutMs } = request
    // What is left of somebody's patience is seldom whole; times that are stored are.
    const sessionTimeoutMs = Math.ceil(timeoutMs)
    const { promise, resolve, reject } = Promise.withResolvers<BootstrapOutcome>()
    const cancel = (): void => session.cancel('the caller gave up')
    const ports = this.#portsFor({ ...this.config, sessionTimeoutMs }, (end) => {
      signal?.removeEventListener('abort', cancel)
      this.#dialers.delete(session)
      this.#track(session.closing)
      if ('error' in end) reject(end.error)
      else resolve(outcomeOf(session.state, end.summary.durationMs ?? 0))
    })
    const session: DialerSession = new DialerSession({ ...planned, dialer, ports })
    this.#dialers.add(session)
    signal?.addEventListener('abort', cancel)
    if (signal?.aborted === true) cancel()
    else session.start()
    return promise
  }

  #portsFor(config: SessionConfig, over: (end: SessionEnd) => void): SessionPorts {
    const observer: RunnerObserver = {
      ...this.#ports.observer,
      ended: (summary) => {
        over({ summary })
        this.#ports.observer.ended(summary)
      },
      storeFailed: (error) => {
        over({ error })
        this.#ports.observer.storeFailed(error)
      },
    }
    return { ...this.#ports, config, observer }
  }

  #linger(session: ListenerSession): void {
    if (this.#lingering.has(session)) return
    this.#lingering.add(session)
    this.#track(session.tail.over.then(() => void this.#lingering.delete(session)))
  }

  #moved(summary: SessionSummary, path: readonly JournalEntry[], recorded: boolean): void {
    this.#tell('session', () => this.emit('session', summary, path))
    if (recorded) tellAudit(this.#ports, summary, path)
  }

  /** A listener that throws must not hurt the session it was told about. */
  #tell(name: keyof SessionEvents, emit: () => void): void {
    try {
      emit()
    } catch (error) {
      const detail = describeThrown(error)
      if (name !== 'hookComplaint') this.#complain(`listener of '${name}'`, detail)
    }
  }

  #complain(hook: string, detail: string): void {
    this.#tell('hookComplaint', () => this.emit('hookComplaint', hook, detail))
  }

  #track(work: Promise<unknown>): void {
    const done = work.finally(() => void this.#underWay.delete(done))
    this.#underWay.add(done)
  }

  #armCleanup(): Timer {
    const { clock } = this.#ports
    return clock.after(this.config.cleanupIntervalMs, () => {
      this.#track(this.#tidy())
      if (!this.#admission.closed) this.#cleanup = this.#armCleanup()
    })
  }

  /** The time, reservations whose time is over, and databases that nobody wants. */
  async #tidy(): Promise<void> {
    await keepTime(this.#store, this.#clock, this.#ports)
    await releaseLapsed(this.#ports, (redemptionId) => this.#running.has(redemptionId))
    await settleRemovals(this.#ports)
  }

  async #quiet(ms: number): Promise<void> {
    const { clock } = this.#ports
    const until = clock.monotonic() + ms
    while (this.getActiveSessionCounts().total > 0 && clock.monotonic() < until) {
      await this.#next(until - clock.monotonic())
    }
  }

  /** Resolves when a session is over, or after `ms`. */
  #next(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        timer.clear()
        this.off('ended', done)
        this.off('storeFailed', done)
        resolve()
      }
      const timer = this.#ports.clock.after(ms, done)
      this.on('ended', done)
      this.on('storeFailed', done)
    })
  }
}

const CANCELLED: Denial = { code: 'declined', reason: 'the operator ended this session' }

/** How a session came to its end. */
type SessionEnd = { readonly summary: SessionSummary } | { readonly error: unknown }
