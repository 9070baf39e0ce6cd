import { setTimeout as sleep } from 'node:timers/promises'
import { ControlBudget } from '../../network/guard/control-budget.ts'
import { privateKeyFromBytes } from '../../network/identity/identity-key.ts'
import { createNode, type NetworkNode, nodeAddresses } from '../../network/node/node.ts'
import { nodeUsage } from '../../network/node/node-usage.ts'
import { stopNode } from '../../network/node/stop-node.ts'
import type { RelayPolicy } from '../../network/relay-server/relay-access.ts'
import type { RelayEvent } from '../../network/relay-server/relay-event.ts'
import { type RelayLimits, relayLimits } from '../../network/relay-server/relay-limits.ts'
import { RelayServer } from '../../network/relay-server/relay-server.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import {
  LOCK_PATIENCE_MS,
  type ProcessLock,
  takeProcessLock,
} from '../../store/directory/process-lock.ts'
import { ControlServer } from '../control/control-server.ts'
import { RelayRunningError } from '../errors.ts'
import { limitsFor, maxOpenFiles } from '../status/file-limit.ts'
import { MAX_PLACES_TOLD, type RelayStatus } from '../status/relay-status.ts'
import { FewEvents } from './few-events.ts'
import type { RelayHttp } from './relay-http.ts'
import type { RelayFact, RelayNews } from './relay-news.ts'

/** How long libp2p may take to stop once the circuits are over, ms. */
const STOP_MS = 400

/** Refusals that are told at once; then one a second. */
const REFUSALS_AT_ONCE = 20

/** Places and circuits that are told at once; then one a second: anybody may begin as many as there is room for, again and again. */
const BEGINNINGS_AT_ONCE = 1_000

/** How often it is looked whether the last circuit has ended, while it drains, ms. */
const LOOK_MS = 50

export interface RelayServiceInit {
  /** The relay's own: with its key and lock. */
  readonly directory: DataDirectory
  /** The private key's bytes. */
  readonly key: Uint8Array
  readonly policy: RelayPolicy
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[]
  /** Multiaddrs to tell instead. */
  readonly announce: readonly string[]
  /** Where to tell health and metrics over HTTP. @default nowhere */
  readonly http?: { readonly host: string; readonly port: number }
  /** Replace single defaults. */
  readonly limits?: Partial<RelayLimits>
  /** Hears what happens. Must not throw. */
  tell(news: RelayNews): void
  /** A command asks it to drain. @returns ms that circuits will have; `stop` follows */
  onDrain(ms: number | undefined): number
}

/** A relay as a service: start in one order, stop in the other. It keeps nothing but its key. */
export class RelayService {
  readonly #init: RelayServiceInit
  readonly #fitting = limitsFor(maxOpenFiles())
  readonly #toldRefusals = new ControlBudget(REFUSALS_AT_ONCE)
  readonly #fewEvents = new FewEvents(new ControlBudget(BEGINNINGS_AT_ONCE))
  #lock: ProcessLock | undefined
  #node: NetworkNode | undefined
  #server: RelayServer | undefined
  #http: RelayHttp | undefined
  #httpUrl: string | undefined
  #control: ControlServer | undefined
  #startedAt = 0
  /** Monotonic ms, once it drains. */
  #drainEnd: number | undefined

  constructor(init: RelayServiceInit) {
    this.#init = init
  }

  /** @throws RelayRunningError if another process has this directory; ListenError; ListenAddressError */
  async start(): Promise<RelayStatus> {
    const { directory, key, listen, announce, policy, limits = {} } = this.#init
    this.#lock = takeProcessLock(directory.lockFile, LOCK_PATIENCE_MS)
    if (this.#lock === undefined) throw new RelayRunningError(directory.path)
    try {
      const node = await createNode({
        privateKey: privateKeyFromBytes(key),
        listen,
        announce,
        limits: this.#fitting.limits,
        start: false,
      })
      this.#node = node
      this.#server = new RelayServer({
        node,
        policy,
        limits,
        addresses: () => nodeAddresses(node),
        hear: (event) => this.#hear(event),
      })
      await this.#server.start()
      await this.#startHttp()
      await node.start()
      this.#startedAt = Date.now()
      this.#control = new ControlServer(directory.controlSocket, {
        relay: () => this.status(),
        drain: ({ ms }) => ({
          pid: process.pid,
          active: this.#circuits,
          ms: this.#drainMs ?? this.#init.onDrain(ms),
        }),
      })
      await this.#control.start()
    } catch (error) {
      await this.stop(0)
      throw error
    }
    return this.status()
  }

  /** @throws TypeError before `start` */
  status(): RelayStatus {
    const [node, server] = [this.#node, this.#server]
    if (node === undefined || server === undefined) throw new TypeError('it was not started')
    const { policy } = this.#init
    const { maxReservations, maxCircuits } = relayLimits(this.#init.limits)
    const { reservations, circuits, ...sinceStart } = server.usage
    return {
      pid: process.pid,
      peerId: node.peerId.toString(),
      addresses: nodeAddresses(node),
      ...compact({ http: this.#httpUrl }),
      startedAt: this.#startedAt,
      draining: this.#drainEnd !== undefined,
      ...compact({ drainMs: this.#drainMs }),
      access: {
        open: policy.open,
        peers: policy.allow.size,
        token: policy.token !== undefined,
      },
      reservations: { inUse: reservations, capacity: maxReservations },
      circuits: { inUse: circuits, capacity: maxCircuits },
      ...sinceStart,
      ...nodeUsage(node),
      rssBytes: process.memoryUsage.rss(),
      places: server.places(MAX_PLACES_TOLD).map((place) => ({ ...place })),
    }
  }

  /** Problems that are there from the beginning, in words. */
  get warnings(): readonly string[] {
    const { policy } = this.#init
    const isClosed = !policy.open && policy.allow.size === 0 && policy.token === undefined
    const { note } = this.#fitting
    return [
      ...(isClosed
        ? ['nobody may reserve: name who may with --allow, --token-file or --open']
        : []),
      ...(note === undefined ? [] : [note]),
    ]
  }

  /**
   * Takes nothing new, lets circuits end for `drainMs`, cuts the rest, and stops within a second more. Safe to call at any
   * point.
   * @returns the number of circuits that were cut
   */
  async stop(drainMs: number): Promise<{ readonly cut: number }> {
    const until = performance.now() + drainMs
    this.#drainEnd = until
    this.#server?.drain()
    await this.#untilQuiet(until)
    const cut = this.#circuits
    await this.#server?.stop()
    if (this.#node !== undefined) await stopNode(this.#node, { stopTimeoutMs: STOP_MS })
    await this.#http?.stop()
    await this.#control?.stop()
    this.#lock?.release()
    this.#lock = undefined
    return { cut }
  }

  /** Waits for the last circuit, and tells at once, and each second, how many there are. */
  async #untilQuiet(until: number): Promise<void> {
    let told = Number.POSITIVE_INFINITY
    for (;;) {
      const left = Math.max(0, until - performance.now())
      const circuits = this.#circuits
      if (circuits === 0 || left === 0) return
      const seconds = Math.ceil(left / 1_000)
      if (seconds < told) this.#tell({ type: 'draining', circuits, ms: Math.round(left) })
      told = seconds
      await sleep(Math.min(LOOK_MS, left))
    }
  }

  get #circuits(): number {
    return this.#server?.usage.circuits ?? 0
  }

  get #drainMs(): number | undefined {
    if (this.#drainEnd === undefined) return undefined
    return Math.round(Math.max(0, this.#drainEnd - performance.now()))
  }

  /** Starts the pages, if there are to be any; else their code is not even loaded. */
  async #startHttp(): Promise<void> {
    const { http } = this.#init
    if (http === undefined) return
    const { RelayHttp } = await import('./relay-http.ts')
    this.#http = new RelayHttp(() => this.status())
    this.#httpUrl = await this.#http.start(http.host, http.port)
  }

  /** Many refusals are counted and not told: strangers must not fill the log. */
  #hear(event: RelayEvent): void {
    if (event.type !== 'refused') {
      for (const fact of this.#fewEvents.told(event)) this.#tell(fact)
      return
    }
    try {
      this.#toldRefusals.spend()
    } catch {
      return
    }
    this.#tell(event)
  }

  #tell(fact: RelayFact): void {
    this.#init.tell({ ...fact, at: Date.now() })
  }
}
