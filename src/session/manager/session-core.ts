import { EventEmitter } from 'node:events'
import type { SessionHooks } from '../../hooks/session-hooks.ts'
import { Admission, type Refused, rateLimitKeys } from '../admission/admission.ts'
import type { AdmissionSnapshot } from '../admission/admission-snapshot.ts'
import type { PeerLimits } from '../admission/peer-limits.ts'
import { chargeFor } from '../admission/rate-limit-charge.ts'
import type { RateLimitKeys } from '../admission/rate-limits.ts'
import { denialFor } from '../admission/refusals.ts'
import { DEFAULT_SESSION_CONFIG, type SessionConfig } from '../config/session-config.ts'
import {
  type BootstrapOutcome,
  finishedBefore,
  finishedWithOlder,
  LINK_BUSY,
  notBegun,
} from '../dialer/outcome.ts'
import { planRedemption } from '../dialer/plan-redemption.ts'
import type { RedeemRequest } from '../dialer/redeem-request.ts'
import type { ListenerPorts } from '../listener/listener-context.ts'
import { ListenerSession } from '../listener/listener-session.ts'
import { PacedRefusals } from '../listener/paced-refusals.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Dialer } from '../ports/dialer.ts'
import type { Transport } from '../ports/transport.ts'
import { written } from '../ports/written.ts'
import type { PolicyReport, ReapOptions } from '../reaper/reap-options.ts'
import { runReapPolicies } from '../reaper/run-reap-policies.ts'
import { FailedCommits } from '../recovery/failed-commits.ts'
import type { EndOfRun } from '../run/runner-init.ts'
import { SessionAudit } from '../trace/session-audit.ts'
import type { SessionCounts, SessionEvents } from '../trace/session-events.ts'
import { isAllWritten } from './all-written.ts'
import { type Drained, drainSessions, within } from './drain.ts'
import { Housekeeping } from './housekeeping.ts'
import { OperatorActs } from './operator-acts.ts'
import { redeemPlanned } from './redeem-planned.ts'
import { RunningSessions } from './running-sessions.ts'
import type { SessionCorePorts } from './session-core-ports.ts'
import { type Wiring, wireSessions } from './wire-sessions.ts'

/** How long the time may take to be stored once more at the end of a drain, ms: it is one commit. */
const LAST_TIME_MS = 200

/** All sessions of one node, each on its own. */
export class SessionCore extends EventEmitter<SessionEvents> {
  /** Done at the operator's word, beside sessions. */
  readonly operator: OperatorActs
  readonly #wiring: Wiring
  readonly #admission: Admission
  readonly #live: RunningSessions
  readonly #housekeeping: Housekeeping
  /** Sessions that are over, with streams that are not. */
  readonly #lingering = new Set<ListenerSession>()
  readonly #failedCommits: FailedCommits
  readonly #askDenied: SessionCorePorts['isDenied']
  #config: SessionConfig
  readonly #refusals: PacedRefusals
  /** Shared by the listener sessions that begin from now on. */
  #listenerPorts: ListenerPorts

  /** Of sessions with older peers, who know no receipts: none is signed, for nobody could be shown it. */
  get #legacyPorts(): ListenerPorts {
    return { ...this.#listenerPorts, sign: undefined }
  }

  constructor(hooks: SessionHooks, config: Partial<SessionConfig>, ports: SessionCorePorts) {
    super()
    this.#config = { ...DEFAULT_SESSION_CONFIG, ...config }
    this.#wiring = wireSessions(hooks, { ...this.#config }, ports, this)
    this.#askDenied = ports.isDenied?.bind(ports)
    const { clock, store } = this.#wiring
    this.#refusals = new PacedRefusals(this.#wiring)
    this.#live = new RunningSessions(clock)
    // Newcomers would only be given up too.
    const isStalled = (): boolean => this.#live.inDoubt.size > 0
    this.#admission = new Admission(this.#config, clock, { isStalled, shared: ports.limits })
    this.#failedCommits = new FailedCommits(this.#wiring.ports)
    this.#listenerPorts = this.#portsNow()
    this.operator = new OperatorActs(this.#wiring.ports, this.#live.ids)
    this.#housekeeping = new Housekeeping({
      store,
      clock,
      ports: this.#wiring.ports,
      isRunning: (sessionId) => this.#live.ids.has(sessionId),
      failedCommits: this.#failedCommits,
    })
  }

  get config(): SessionConfig {
    return this.#config
  }

  /** Changes settings at once. Sessions under way keep the deadlines that they began with. */
  apply(config: Partial<SessionConfig>): void {
    const { ports, breaker } = this.#wiring
    this.#config = { ...this.#config, ...config }
    Object.assign(ports.config, this.#config)
    this.#listenerPorts = this.#portsNow()
    this.#admission.apply(this.#config)
    breaker.apply(this.#config)
  }

  /** Refuses new sessions as `busy` while what they would leave behind can't be stored. Sessions under way go on. */
  suspend(isSuspended: boolean): void {
    this.#admission.suspend(isSuspended)
  }

  /**
   * Tries the store again that failed: writes the time, and closes what it dropped.
   * @throws StoreError as long as it takes nothing
   */
  async tryStore(): Promise<void> {
    const { store } = this.#wiring
    store.storeTimeNext()
    await written(store, [])
    await this.#failedCommits.settle()
  }

  /** Limits, how much of them is in use, and counts of refusals by cause. */
  get admission(): AdmissionSnapshot {
    return this.#admission.snapshot(this.#live.counts.total, this.#wiring.breaker.snapshot)
  }

  /** Tells what a peer may still do here; `reset` forgets first what it has used up. */
  peerLimits(peerId: string, reset = false): PeerLimits {
    if (reset) this.#admission.resetPeer(peerId)
    return this.#admission.peerLimits(peerId)
  }

  /** The sessions that were given up because the disk had not answered, and whose end is not known yet. */
  get sessionsInDoubt(): readonly string[] {
    return [...this.#live.inDoubt]
  }

  /** Begins to tidy up: what others have left behind at once, and again when this is called again; later things as they come. */
  start(): void {
    this.#housekeeping.start()
  }

  /** Sessions under way. */
  getActiveSessionCounts(): SessionCounts {
    return this.#live.counts
  }

  /** Makes a session of a stream that has come in, or says why not. */
  accept(transport: Transport): void {
    if (this.#askDenied === undefined) return this.#accept(transport)
    this.#wiring.background.track(
      this.#isDenied(transport.remotePeer)
        .then((is) => {
          if (is) this.#refuse(transport, this.#admission.deny())
          else this.#accept(transport)
        })
        // As where nobody is asked: a stream that can't be taken is reset, and harms nothing else.
        .catch(() => transport.reset()),
    )
  }

  #accept(transport: Transport): void {
    const caller = rateLimitKeys(transport.remotePeer, transport.remoteAddress)
    const { store, ports, background } = this.#wiring
    if (store.isRecalled && !this.#asks(caller)) return this.#admit(transport, caller, false)
    const isHolder = async (): Promise<boolean> => {
      await store.recall()
      // Those who wait with it may fill the places meanwhile.
      return await store.lookups.redemptions.holdsAny(caller.peerId)
    }
    background.track(
      isHolder()
        .then((is) => this.#admit(transport, caller, is))
        .catch((error: unknown) => {
          transport.reset()
          ports.storeFailed(error)
        }),
    )
  }

  /** A store that can't be asked is told of, and then nobody is denied: no session gets far without it. */
  async #isDenied(peerId: string): Promise<boolean> {
    try {
      return (await this.#askDenied?.(peerId)) === true
    } catch (error) {
      this.#wiring.ports.storeFailed(error)
      return false
    }
  }

  /** True if it matters whether that peer holds a reservation. */
  #asks(caller: RateLimitKeys): boolean {
    return this.#admission.favoursHolders(caller, this.#live.counts.total)
  }

  #admit(transport: Transport, caller: RateLimitKeys, isHolder: boolean): void {
    const refused = this.#admission.admit(caller, {
      sessions: () => this.#live.counts.total,
      isHolder,
      makeRoom: () => this.#live.endIdle(denialFor('sessions')),
    })
    if (refused !== undefined) return this.#refuse(transport, refused)
    const ports = transport.protocol === undefined ? this.#listenerPorts : this.#legacyPorts
    const session = new ListenerSession(transport, ports, this.#over)
    this.#live.listeners.set(session, caller)
    this.#live.ids.add(session.sessionId)
    session.start()
  }

  readonly #over = (session: ListenerSession, end: EndOfRun): void => {
    // What fails after its final state, like a late word, changes nothing about its end.
    if ('error' in end && session.isEnding) return
    if ('inDoubt' in end) this.#live.inDoubt.add(session.sessionId)
    else this.#live.inDoubt.delete(session.sessionId)
    if ('error' in end || 'dropped' in end) this.#failedCommits.add(session.lookBack())
    const caller = this.#live.listeners.get(session)
    if (caller === undefined) return
    this.#live.listeners.delete(session)
    this.#live.ids.delete(session.sessionId)
    this.#admission.ended(caller, chargeFor(end))
    this.#linger(session)
    this.#live.oneIsOver()
  }

  #portsNow(): ListenerPorts {
    const { ports, clock } = this.#wiring
    const audit = new SessionAudit('listener', clock, this.#config.auditLevel)
    return { ...ports, config: this.#config, audit, running: this.#live.ids }
  }

  /**
   * Redeems a link. What the other side does is an outcome, never an exception. What a completed one says is on the
   * disk; that its session has ended may still be on its way there, and `drain` waits for that.
   * @throws StoreError
   */
  async redeem(request: RedeemRequest, dialer: Dialer): Promise<BootstrapOutcome> {
    const { store, background } = this.#wiring
    const ports = { ...this.#wiring.ports, config: this.#config }
    const { clock, ids } = ports
    const refused = this.#admission.room(this.#live.counts.total)
    if (refused !== undefined) return notBegun(ids.session(), denialFor(refused.cause))
    await store.recall()
    const planned = await planRedemption(request, ports, dialer.localPeer)
    if (planned.isBusy) return notBegun(planned.plan.sessionId, LINK_BUSY)
    const finished = await finishedWithOlder(planned, store)
    if (finished !== undefined) return finished
    // Others may have come meanwhile, or a drain.
    const crowded = this.#admission.room(this.#live.counts.total)
    if (crowded !== undefined) return notBegun(planned.plan.sessionId, denialFor(crowded.cause))
    const startedAt = clock.monotonic()
    const all = { ports, dialer, live: this.#live, background }
    const outcome = await redeemPlanned(all, planned, request)
    if (outcome.completed || request.another === true) return outcome
    const durationMs = clock.monotonic() - startedAt
    const before = await finishedBefore(outcome, planned, store, durationMs)
    return before !== undefined && (await isAllWritten(store, clock, this.#config.stepTimeoutMs))
      ? before
      : outcome
  }

  /**
   * Ends one session, telling its peer that it was the operator's wish.
   * @returns false if no such session is under way here
   */
  cancelSession(sessionId: string): boolean {
    return this.#live.cancel(sessionId, CANCELLED)
  }

  /**
   * Clears away what is asked for by name, and nothing else.
   * @throws RangeError for offers that may still be on their way; StoreError
   */
  reap(wish: ReapOptions): Promise<readonly PolicyReport[]> {
    const isRunning = (sessionId: string): boolean => this.#live.ids.has(sessionId)
    return runReapPolicies(this.#wiring.ports, { sessions: this.#live.looks(), isRunning }, wish)
  }

  /**
   * Takes nothing new, lets what is under way finish, then parks the rest: what it holds is kept for its peer, which goes
   * on with it at its next try. A disk that does not answer is not waited for.
   * @param ms how long to wait; parking takes a second more at most
   */
  async drain(ms: number): Promise<Drained> {
    this.#admission.close()
    // What may wait for other work need not, now that there will be little. A store that fails is told of by its sessions.
    written(this.#wiring.store, []).catch(() => undefined)
    const wasStarted = this.#housekeeping.stop()
    const drained = await drainSessions(
      {
        clock: this.#wiring.clock,
        live: this.#live,
        lingering: this.#lingering,
        restOver: () => this.#wiring.background.over(),
      },
      ms,
    )
    if (wasStarted)
      await within(this.#wiring.clock, LAST_TIME_MS, this.#housekeeping.storeHighestTime())
    return drained
  }

  #refuse(transport: Transport, refused: Refused): void {
    this.#refusals.refuse(transport, refused, this.#config.stepTimeoutMs)
  }

  #linger(session: ListenerSession): void {
    if (this.#lingering.has(session)) return
    this.#lingering.add(session)
    this.#wiring.background.track(
      session.tail.over.then(() => void this.#lingering.delete(session)),
    )
  }
}

const CANCELLED: Denial = { code: 'declined', reason: 'the operator ended this session' }
