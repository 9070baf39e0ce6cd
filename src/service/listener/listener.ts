import type { NetworkNode } from '../../network/node/node.ts'
import { stopNode } from '../../network/node/stop-node.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import { ForwardOnlyClock } from '../../session/clock/forward-only-clock.ts'
import { SYSTEM_CLOCK } from '../../session/clock/system-clock.ts'
import type { SessionConfig } from '../../session/config/session-config.ts'
import type { Drained } from '../../session/manager/drain.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import { recorded } from '../../session/ports/written.ts'
import {
  LOCK_PATIENCE_MS,
  type ProcessLock,
  takeProcessLock,
} from '../../store/directory/process-lock.ts'
import { type ProcessName, takeProcessName } from '../../store/directory/process-name.ts'
import { runningStatus } from '../control/control-client.ts'
import type { ConfigTaken } from '../control/control-protocol.ts'
import { ControlServer } from '../control/control-server.ts'
import { ListenerRunningError } from '../errors.ts'
import type { FeedReader } from '../feed/event-feed.ts'
import type { ListenEvent } from '../feed/event-feed-event.ts'
import { ListenerFeed } from '../feed/listener-feed.ts'
import type { HttpService } from '../http/http-service.ts'
import type { EventCommand } from '../notify/event-command.ts'
import { inTime } from '../reach/in-time.ts'
import type { ReachWatch } from '../reach/reach-watch.ts'
import type { ReapSchedule } from '../reaping/reap-schedule.ts'
import { lifecycleRecord } from '../record/lifecycle-record.ts'
import { currentOperator, type Operator } from '../record/operator.ts'
import { limitsFor, maxOpenFiles } from '../status/file-limit.ts'
import type { HealthWatch } from '../status/health-watch.ts'
import { listenerFigures } from '../status/listener-figures.ts'
import { waysToListener } from '../status/listener-relays.ts'
import type { ListenerStatus } from '../status/listener-status.ts'
import { StoreFacts } from '../status/store-facts.ts'
import type { ListenerSync } from '../sync/listener-sync.ts'
import type { TrailKeeper } from '../trail/trail-keeper.ts'
import type { ListenerAround } from './listener-around.ts'
import { listenerCommands } from './listener-commands.ts'
import { ListenerDrain } from './listener-drain.ts'
import type { ListenerInit } from './listener-init.ts'
import { createListenerNode } from './listener-node.ts'
import {
  createAround,
  createHealth,
  createManager,
  createReaping,
  createTrail,
  idsOf,
  serveBootstraps,
  startEventCommand,
  startFacts,
  startHttp,
  startSync,
} from './listener-parts.ts'
import { createReach } from './listener-reach.ts'
import { recoverAll } from './recovery.ts'
import { takeSettings } from './take-settings.ts'
import { trustClock } from './trust-clock.ts'
import { watchLease } from './watch-lease.ts'

/** How long each, what is reaped and libp2p, may take to stop once the sessions are over, ms: with parking within two seconds. */
const STOP_MS = 400

export type { Drained }

/** The inviter's node as a service: start in one order, stop in the other. */
export class Listener {
  readonly #init: ListenerInit
  readonly #clock: ForwardOnlyClock
  #lock: ProcessLock | undefined
  #name: ProcessName | undefined
  #node: NetworkNode | undefined
  #manager: SessionCore | undefined
  #feed: ListenerFeed | undefined
  #trail: TrailKeeper | undefined
  #health: HealthWatch | undefined
  #http: HttpService | undefined
  #control: ControlServer | undefined
  #reaping: ReapSchedule | undefined
  #reach: ReachWatch | undefined
  #sync: ListenerSync | undefined
  #unserve: (() => Promise<void>) | undefined
  #around: ListenerAround | undefined
  #onEvent: EventCommand | undefined
  readonly #fitting = limitsFor(maxOpenFiles())
  readonly #facts: StoreFacts
  #startedAt = 0
  /** One look at the settings after the other. */
  #reloading: Promise<unknown> = Promise.resolve()
  readonly #drain: ListenerDrain

  constructor(init: ListenerInit) {
    this.#init = init
    this.#clock = init.clock ?? new ForwardOnlyClock(SYSTEM_CLOCK)
    this.#facts = new StoreFacts(init.store)
    this.#drain = new ListenerDrain({
      store: init.store,
      manager: () => this.manager,
      onDrain: (ms) => init.onDrain?.(ms),
    })
  }

  /** The sessions, for whoever wants to watch. @throws TypeError before `start` */
  get manager(): SessionCore {
    if (this.#manager === undefined) throw new TypeError('the listener was not started')
    return this.#manager
  }

  /**
   * @throws ListenerRunningError if another process listens for this data directory; StoreError;
   *   AddressError; libp2p's own error if an address can't be listened on
   */
  async start(): Promise<ListenerStatus> {
    const { directory, store, lease } = this.#init
    await this.#takeLock()
    try {
      await lease?.take()
      if (this.#init.trustClock === true) await trustClock(store, this.#clock)
      this.#node = await createListenerNode(this.#init, this.#fitting.limits, (news) => {
        this.#feed?.relay(news)
        this.#reach?.look()
      })
      this.#name = takeProcessName(directory)
      const as = { clock: this.#clock, processId: this.#name.id }
      this.#manager = createManager(this.#init, this.#node, as)
      const manager = this.#manager
      const feed = this.#watchOver(this.#node, manager)
      await this.#serve(this.#node, manager)
      await recoverAll({ directory, store, clock: this.#clock, isShared: lease !== undefined })
      this.#http = await startHttp(this.#init, manager, this)
      await this.#node.start()
      this.#startedAt = Date.now()
      const around = createAround(this.#init, this.#node, feed, () => this.#reach?.look())
      this.#around = around
      this.#reach = createReach(this.#init, { node: this.#node, clock: this.#clock, feed, around })
      this.#control = new ControlServer(
        directory.controlSocket,
        listenerCommands(this, this.#drain),
      )
      await this.#control.start()
      this.#trail = createTrail(this.#init, manager, (seq) => this.#health?.trailBroken(seq))
      this.#trail.start()
      this.#onEvent = await startEventCommand(this.#init, feed)
      manager.start()
      this.#watchLease(manager, feed)
      this.#reach.start()
      await around.start()
      this.#reaping = createReaping(this.#init, manager, this.#clock)
      this.#reaping?.start()
      await this.#record('listener.started', startFacts(this.#init))
    } catch (error) {
      await this.stop(0)
      throw error
    }
    return await this.freshStatus()
  }

  /** The status, with what its store says now. @throws TypeError before `start` */
  async freshStatus(): Promise<ListenerStatus> {
    await this.#facts.look()
    return this.status()
  }

  /** The status, with what its store has said last. @throws TypeError before `start` */
  status(): ListenerStatus {
    const [node, health] = [this.#node, this.#health]
    if (node === undefined || health === undefined) throw new TypeError('it was not started')
    const { settings } = this.#init
    return {
      pid: process.pid,
      ...idsOf(this.#init, node),
      ...waysToListener(node, this.#around?.router),
      ...compact({ reach: this.#reach?.report }),
      startedAt: this.#startedAt,
      ...compact({ http: this.#http?.url, onEvent: this.#onEvent?.figures }),
      ...compact({ reaping: this.#reaping?.status(this.#facts.now.reapPausedUntil) }),
      ...this.#drain.status,
      ...listenerFigures(this.manager, health, settings?.inUse ?? []),
    }
  }

  /**
   * Looks at the settings again, and goes by them from now on; sessions under way keep their deadlines. What changes is
   * recorded first.
   * @param command that wants it
   * @param operator the one who asks; this process's user by default
   * @throws StoreError, and whatever says that the settings can't be used: then nothing changes
   */
  reload(command: string, operator: Operator = currentOperator()): Promise<ConfigTaken> {
    const { settings, store } = this.#init
    if (settings === undefined) return Promise.resolve({ changes: [], inUse: [] })
    const apply = (config: Partial<SessionConfig>) => {
      this.#manager?.apply(config)
      this.#health?.look()
      this.#trail?.look()
    }
    const taken = this.#reloading.then(() =>
      takeSettings({ settings, store, command, operator, apply }),
    )
    this.#reloading = taken.catch(() => undefined)
    return taken
  }

  /** Looks after whether its addresses lead here. @throws TypeError before `start` */
  get reach(): ReachWatch {
    if (this.#reach === undefined) throw new TypeError('the listener was not started')
    return this.#reach
  }

  /** Syncs the tallies. Undefined before `start`. */
  get sync(): ListenerSync | undefined {
    return this.#sync
  }

  /** Tells each session's moves, refusals and problems as they happen. @throws TypeError before `start` */
  watch(tell: (event: ListenEvent) => void): void {
    if (this.#feed === undefined) throw new TypeError('the listener was not started')
    this.#feed.watch(tell)
    this.#init.hookNotes?.onSaid((note) => this.#feed?.problem(`hooks: ${note}`))
  }

  /** Follows what happens here. Undefined before `start`, and if there are too many readers. */
  follow(options?: { readonly capacity?: number }): FeedReader | undefined {
    return this.#feed?.follow(options)
  }

  /**
   * Stops accepting, lets sessions finish for `drainMs`, parks the rest, and stops within two seconds more; with a command
   * for events within four. Safe to call at any point.
   * @param reason told to those who follow
   */
  async stop(drainMs: number, reason = 'stopped'): Promise<Drained> {
    this.#drain.begin(drainMs)
    this.#health?.stop()
    this.#feed?.draining(this.#manager?.getActiveSessionCounts().total ?? 0, drainMs)
    const reaped = this.#reaping?.stop()
    const tried = this.#reach?.stop()
    const left = this.#around?.stop()
    const result = (await this.#manager?.drain(drainMs)) ?? { cut: 0, parked: 0 }
    // A hook that hangs may hold it: the sessions have had their time.
    await inTime(STOP_MS, reaped)
    await inTime(STOP_MS, tried)
    await left
    await inTime(STOP_MS, this.#sync?.stop())
    await this.#unserve?.()
    this.#unserve = undefined
    if (this.#node !== undefined) await stopNode(this.#node, { stopTimeoutMs: STOP_MS })
    this.#feed?.stop(reason, result)
    await this.#onEvent?.stop()
    await this.#http?.stop()
    await this.#control?.stop()
    try {
      const last = this.#startedAt > 0 ? this.#record('listener.stopped', { reason }) : undefined
      // What the disk does not take within its time is not waited for.
      await inTime(STOP_MS, last)
      await inTime(STOP_MS, this.#trail?.stop())
      await inTime(STOP_MS, this.#init.lease?.giveBack())
    } finally {
      this.#startedAt = 0
      this.#name?.release()
      this.#name = undefined
      this.#lock?.release()
      this.#lock = undefined
    }
    return result
  }

  #watchLease(manager: SessionCore, feed: ListenerFeed): void {
    const [{ lease, store }, health, clock] = [this.#init, this.#health, this.#clock]
    if (lease !== undefined && health !== undefined)
      watchLease(lease, { store, clock, manager, feed, health })
  }

  /** Begins to tell of it, and to look after it. */
  #watchOver(node: NetworkNode, manager: SessionCore): ListenerFeed {
    const [facts, fitting] = [this.#facts, this.#fitting]
    const { store } = this.#init
    const feed = new ListenerFeed({ store, manager, facts, status: () => this.status() })
    this.#feed = feed
    feed.start()
    const onProblem = (detail: string) => feed.problem(detail)
    this.#health = createHealth(this.#init, { manager, node, facts, fitting, onProblem })
    this.#health.start()
    return feed
  }

  async #takeLock(): Promise<void> {
    const { directory } = this.#init
    this.#lock = takeProcessLock(directory.lockFile, LOCK_PATIENCE_MS)
    if (this.#lock !== undefined) return
    const other = await runningStatus(directory)
    throw new ListenerRunningError(directory.path, other?.pid)
  }

  /** Takes streams as soon as the node starts. */
  async #serve(node: NetworkNode, manager: SessionCore): Promise<void> {
    const tellers = () => [this.#feed, this.#http]
    this.#unserve = await serveBootstraps(this.#init, node, { manager, clock: this.#clock })
    this.#sync = await startSync(this.#init, { node, manager, clock: this.#clock }, tellers)
  }

  async #record(event: string, data: Readonly<Record<string, JsonValue>>): Promise<void> {
    const { store } = this.#init
    const peerId = this.#node?.peerId.toString() ?? ''
    await recorded(store, lifecycleRecord(event, { peerId, pid: process.pid, ...data }))
  }
}
