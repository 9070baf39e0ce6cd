import { EventEmitter } from 'node:events'
import type { SessionHooks } from '../../hooks/session-hooks.ts'
import { verifyAside } from '../../protocol/receipt/receipt-signature.ts'
import { Admission, rateLimitKeys } from '../admission/admission.ts'
import type { AdmissionSnapshot } from '../admission/admission-snapshot.ts'
import { chargeFor } from '../admission/rate-limit-charge.ts'
import { denialFor } from '../admission/refusals.ts'
import { ForwardOnlyClock } from '../clock/forward-only-clock.ts'
import { RANDOM_IDS } from '../clock/random-ids.ts'
import { SYSTEM_CLOCK } from '../clock/system-clock.ts'
import { TimeKeepingStore } from '../clock/time-keeping-store.ts'
import { DEFAULT_SESSION_CONFIG, type SessionConfig } from '../config/session-config.ts'
import { finishedBefore, LINK_BUSY, notBegun, planFor } from '../dialer/attempt.ts'
import type { BootstrapRequest } from '../dialer/bootstrap-request.ts'
import type { BootstrapOutcome } from '../dialer/outcome.ts'
import { BackgroundWork } from '../host/background-work.ts'
import { CircuitBreaker } from '../host/circuit-breaker.ts'
import { TallyDatabases } from '../host/tally-databases.ts'
import { ListenerSession } from '../listener/listener-session.ts'
import { refuseStream } from '../listener/refuse-stream.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Dialer } from '../ports/dialer.ts'
import { readStore } from '../ports/read-store.ts'
import type { Transport } from '../ports/transport.ts'
import { reap } from '../reaper/reap.ts'
import type { PolicyReport, ReapOptions } from '../reaper/reap-options.ts'
import { FailedCommits } from '../recovery/failed-commits.ts'
import type { SessionEnd } from '../run/ports-of-one.ts'
import { portsOfOne } from '../run/ports-of-one.ts'
import type { SessionPorts } from '../run/session-ports.ts'
import { AuditTellingStore } from '../trace/audit-telling-store.ts'
import { SessionEmitter } from '../trace/session-emitter.ts'
import type { SessionCounts, SessionEvents } from '../trace/session-events.ts'
import { tellHostOfRecord } from '../trace/tell-audit-hook.ts'
import { settleRemovals } from '../upkeep/database-removals.ts'
import { type Drained, drainSessions } from './drain.ts'
import { Housekeeping } from './housekeeping.ts'
import { LiveSessions } from './live-sessions.ts'
import { redeemPlanned } from './redeem-planned.ts'
import type { SessionManagerPorts } from './session-manager-ports.ts'

/** All sessions of one node, each on its own. */
export class SessionManager extends EventEmitter<SessionEvents> {
  readonly #store: TimeKeepingStore
  readonly #clock: ForwardOnlyClock
  readonly #admission: Admission
  readonly #breaker: CircuitBreaker
  readonly #live: LiveSessions
  readonly #housekeeping: Housekeeping
  /** Sessions that are over, with streams that are not. */
  readonly #lingering = new Set<ListenerSession>()
  readonly #underWay = new BackgroundWork()
  readonly #news = new SessionEmitter(this, () => this.#ports)
  readonly #running = new Set<string>()
  readonly #dropped = new FailedCommits(() => this.#ports)
  #ports: SessionPorts

  constructor(hooks: SessionHooks, config: Partial<SessionConfig>, ports: SessionManagerPorts) {
    super()
    const { store, party, clock = SYSTEM_CLOCK, ids = RANDOM_IDS, processId = '', witness } = ports
    const whole = { ...DEFAULT_SESSION_CONFIG, ...config }
    this.#clock = clock instanceof ForwardOnlyClock ? clock : new ForwardOnlyClock(clock)
    const telling = new AuditTellingStore(store, (draft) => tellHostOfRecord(this.#ports, draft))
    this.#store = new TimeKeepingStore(telling, this.#clock)
    this.#admission = new Admission(whole, this.#clock)
    this.#breaker = new CircuitBreaker(whole, this.#clock, (failures, ms) =>
      this.#news.complain(
        'database.provision',
        `failed ${failures} times in a row: a pause of ${ms} ms`,
      ),
    )
    this.#live = new LiveSessions(this.#clock)
    this.#housekeeping = new Housekeeping({
      store: this.#store,
      clock: this.#clock,
      ports: () => this.#ports,
      isRunning: (redemptionId) => this.#running.has(redemptionId),
      dropped: this.#dropped,
    })
    this.#ports = {
      hooks,
      store: this.#store,
      clock: this.#clock,
      ids,
      processId,
      isGone: ports.isGone?.bind(ports),
      config: whole,
      databases: new TallyDatabases(),
      breaker: this.#breaker,
      party,
      ...(witness === undefined ? {} : { witness }),
      sign: ports.sign,
      verify: ports.verify ?? verifyAside,
      hookComplaint: (hook, detail) => this.#news.complain(hook, detail),
      alarmed: (id, detail) => this.#news.alarmed(id, detail),
      track: (work) => this.#underWay.track(work),
      settleRemovals: () => this.#underWay.track(settleRemovals(this.#ports)),
      observer: this.#news,
      storeFailed: (error) => this.#news.storeFailed(error),
    }
  }

  get config(): SessionConfig {
    return this.#ports.config
  }

  /** Change settings at once. Sessions under way keep the deadlines that they began with. */
  apply(config: Partial<SessionConfig>): void {
    const whole = { ...this.#ports.config, ...config }
    this.#ports = { ...this.#ports, config: whole }
    this.#admission.apply(whole)
    this.#breaker.apply(whole)
  }

  /** Refuse newcomers as `busy` while what they would leave behind can't be stored. Sessions under way go on. */
  suspend(isSuspended: boolean): void {
    this.#admission.suspend(isSuspended)
  }

  /**
   * Try the store again that failed: write the time, and close what it dropped.
   * @throws StoreError as long as it takes nothing
   */
  async tryStore(): Promise<void> {
    this.#store.storeTimeNext()
    await this.#store.transact(() => undefined).durable
    await this.#dropped.settle()
  }

  /** Limits, what of them is in use, and who was refused why. */
  get admission(): AdmissionSnapshot {
    return this.#admission.snapshot(this.#live.counts.total, this.#breaker.snapshot)
  }

  /** Begin to tidy up: what an earlier process left behind at once, later things as they come. */
  start(): void {
    this.#housekeeping.start()
  }

  /** Sessions under way. */
  getActiveSessionCounts(): SessionCounts {
    return this.#live.counts
  }

  /** A stream has come in: make a session of it, or say why not. */
  accept(transport: Transport): void {
    const caller = rateLimitKeys(transport.remotePeer, transport.remoteAddress)
    try {
      const refused = this.#admission.admit(caller, {
        sessions: () => this.#live.counts.total,
        holdsReservation: () =>
          readStore(this.#store, (transaction) => transaction.holdsReservation(caller.peerId)),
        makeRoom: () => this.#live.endIdle(denialFor('sessions')),
      })
      if (refused !== undefined) {
        this.#refuse(transport, denialFor(refused.cause, refused.retryAfterMs))
        return
      }
      this.#store.recall()
    } catch (error) {
      transport.reset()
      this.#ports.observer.storeFailed(error)
      return
    }
    const over = (end: SessionEnd): void => {
      // What fails after its final state, like a late word, changes nothing about its end.
      if ('error' in end && session.isEnding) return
      if ('error' in end) this.#dropped.add(session.lookBack())
      this.#live.listeners.delete(session)
      this.#admission.ended(caller, chargeFor(end))
      this.#linger(session)
      this.#live.oneIsOver()
    }
    const ports = portsOfOne(this.#ports, this.config, { over })
    const session: ListenerSession = new ListenerSession(transport, ports, this.#running)
    this.#live.listeners.add(session)
    session.start()
  }

  /**
   * Redeem a link. What the other side does is an outcome, never an exception. What a completed one says is on the
   * disk; that its session has ended may still be on its way there, and `drain` waits for that.
   * @throws StoreError
   */
  async initiate(request: BootstrapRequest, dialer: Dialer): Promise<BootstrapOutcome> {
    const { clock, ids, store } = this.#ports
    const refused = this.#admission.room(this.#live.counts.total)
    if (refused !== undefined) return notBegun(ids.session(), denialFor(refused.cause))
    this.#store.recall()
    const planned = planFor(request, this.#ports, dialer.localPeer)
    if (planned.isBusy) return notBegun(planned.plan.sessionId, LINK_BUSY)
    const startedAt = clock.monotonic()
    const [ports, live, underWay] = [this.#ports, this.#live, this.#underWay]
    const outcome = await redeemPlanned({ ports, dialer, live, underWay }, planned, request)
    if (outcome.completed || request.another === true) return outcome
    const durationMs = clock.monotonic() - startedAt
    return (await finishedBefore(outcome, planned.linkHash, store, durationMs)) ?? outcome
  }

  /**
   * End one session, telling its peer that it was the operator's wish.
   * @returns false if no such session is under way here
   */
  cancelSession(sessionId: string): boolean {
    return this.#live.cancel(sessionId, CANCELLED)
  }

  /**
   * Clear away what is asked for by name, and nothing else.
   * @throws RangeError for offers that may still be on their way; StoreError
   */
  reap(wish: ReapOptions): Promise<readonly PolicyReport[]> {
    const isRunning = (redemptionId: string): boolean => this.#running.has(redemptionId)
    return reap(this.#ports, { sessions: this.#live.looks(), isRunning }, wish)
  }

  /**
   * Take nothing new, let what is under way finish, then park the rest: what it holds is kept for its peer, which goes
   * on with it at its next try.
   * @param ms how long to wait; parking takes a second more at most
   */
  async drain(ms: number): Promise<Drained> {
    this.#admission.close()
    const wasStarted = this.#housekeeping.stop()
    const drained = await drainSessions(
      {
        clock: this.#clock,
        live: this.#live,
        lingering: this.#lingering,
        restOver: () => this.#underWay.over(),
      },
      ms,
    )
    if (wasStarted) await this.#housekeeping.storeHighestTime()
    return drained
  }

  #refuse(transport: Transport, denial: Denial): void {
    const { clock, config } = this.#ports
    this.#underWay.track(refuseStream(transport, denial, clock, config.stepTimeoutMs))
    this.#news.refused(transport.remotePeer, denial.code)
  }

  #linger(session: ListenerSession): void {
    if (this.#lingering.has(session)) return
    this.#lingering.add(session)
    this.#underWay.track(session.tail.over.then(() => void this.#lingering.delete(session)))
  }
}

const CANCELLED: Denial = { code: 'declined', reason: 'the operator ended this session' }
