import { addressesWithoutHost } from '../../network/address/addresses.ts'
import { missingAddresses, type NetworkNode } from '../../network/node/node.ts'
import { type NodeUsage, nodeUsage } from '../../network/node/node-usage.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import { recorded } from '../../session/ports/written.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import type { StoreMedium } from '../../store/errors.ts'
import type { PartyStore } from '../../store/query/party-store.ts'
import { certificateTrouble } from '../node/certificate-watch.ts'
import type { CertifiedNode } from '../node/certified-node.ts'
import { lifecycleRecord } from '../record/lifecycle-record.ts'
import { type DiskLimits, type DiskState, DiskWatch } from './disk-watch.ts'
import type { FittingLimits } from './file-limit.ts'
import { FileWatch } from './file-watch.ts'
import {
  brokenText,
  freeOn,
  type Health,
  judgeHealth,
  mediumText,
  type StoreState,
} from './judge-health.ts'
import { listenerAddresses, lostRelays } from './listener-relays.ts'
import { ServerWatch, waitsForServer } from './server-watch.ts'
import { StallWatch } from './stall-watch.ts'
import type { StoreFacts } from './store-facts.ts'
import { waitsForRoom } from './waits-for-room.ts'

export interface HealthWatchInit {
  readonly directory: DataDirectory
  readonly store: Pick<PartyStore, 'submit' | 'oldestCommitMs' | 'isReadOnly'>
  /** @default a disk */
  readonly storeOn?: StoreMedium
  /** It is a node, whose certificate is looked after. @default it is the party itself */
  readonly certified?: CertifiedNode | undefined
  readonly manager: SessionCore
  readonly node: NetworkNode
  readonly facts: Pick<StoreFacts, 'now'>
  /** The multiaddrs that it was to listen on. */
  readonly listen: readonly string[]
  /** The node's limits, as far as open files bound them. */
  readonly fitting: FittingLimits
  disk(): DiskLimits
  /** Something has changed that an operator should know of. */
  onProblem(detail: string): void
}

const UNTIL = 'new sessions are refused until it does'

const NO_FILES = 'no more files can be opened (ulimit -n): nobody can connect until some are closed'

/** Watches a listener's health, and refuses newcomers while the disk is as good as full, or does not answer. */
export class HealthWatch {
  readonly #init: HealthWatchInit
  readonly #watch: DiskWatch
  readonly #stall: StallWatch
  readonly #server: ServerWatch
  readonly #files: FileWatch
  #hasStoreFailed = false
  #brokenAt: number | undefined

  constructor(init: HealthWatchInit) {
    this.#init = init
    this.#watch = new DiskWatch({
      path: init.directory.path,
      limits: () => init.disk(),
      onChange: (state) => this.#diskChanged(state),
      tryWriting: () => this.#tryWriting(),
    })
    this.#stall = new StallWatch({
      store: init.store,
      onBegin: (ms) => {
        const it = mediumText(init.storeOn)
        this.#stalled('store.stalled', ms, `${it} has not answered for ${ms} ms: ${UNTIL}`)
      },
      onEnd: (ms) => {
        const it = mediumText(init.storeOn)
        this.#stalled('store.answers', ms, `${it} answers again, after ${ms} ms`)
      },
    })
    this.#server = new ServerWatch({
      tryWriting: () => this.#tryWriting(),
      onBegin: (detail) => {
        this.#suspend()
        init.onProblem(`${detail}: ${UNTIL}`)
      },
      onEnd: (ms) => {
        this.#suspend()
        this.#tell('store.back', { ms }, `its database server is back, after ${ms} ms`)
      },
    })
    this.#files = new FileWatch({
      onBegin: () => this.#tell('files.exhausted', {}, NO_FILES),
      onEnd: (ms) => this.#tell('files.free', { ms }, `files can be opened again, after ${ms} ms`),
    })
  }

  get disk(): DiskState & DiskLimits {
    return { ...this.#watch.state, ...this.#init.disk() }
  }

  /** For how long the oldest commit has been on its way to the disk, ms; 0 if none is. */
  get oldestCommitMs(): number {
    return this.#init.store.oldestCommitMs
  }

  get usage(): NodeUsage {
    return nodeUsage(this.#init.node)
  }

  get now(): Health {
    const { manager, node, fitting, facts, certified } = this.#init
    return judgeHealth({
      admission: manager.admission,
      addresses: listenerAddresses(node),
      disk: this.#watch.state,
      store: this.#storeState(),
      ...compact({ storeOn: this.#init.storeOn }),
      connections: node.getConnections().length,
      maxConnections: fitting.limits.maxConnections,
      files: { isExhausted: this.#files.isExhausted, ...compact({ note: fitting.note }) },
      certificate: certified && certificateTrouble(certified, Date.now()),
      brokenAt: this.#brokenAt,
      missing: this.#missing(),
      lostRelays: lostRelays(node),
      syncStopped: facts.now.syncStopped,
    })
  }

  /** Each address that it was to listen on and can't be reached at, in words. */
  #missing(): readonly string[] {
    const { node, listen } = this.#init
    const failed = missingAddresses(node)
    const bare = addressesWithoutHost(listen).filter(
      (text) => !failed.some(({ address }) => address === text),
    )
    return [
      ...failed.map(({ message }) => message),
      ...bare.map(
        (text) =>
          `nobody can come by ${text}: this computer has no ${text.startsWith('/ip6/') ? 'IPv6' : 'IPv4'} address now`,
      ),
    ]
  }

  /** Looks at the disk at once and from time to time. Called once. */
  start(): void {
    this.#init.manager.on('storeFailed', (error) => {
      if (waitsForRoom(error)) this.#watch.met()
      else if (waitsForServer(error)) this.#server.met(error)
      else this.#hasStoreFailed = true
    })
    this.#watch.start()
    this.#stall.start()
    this.#files.start()
    const { note } = this.#init.fitting
    if (note !== undefined) this.#record('files.limited', { detail: note })
  }

  /** The audit was found broken. It stays so until somebody has looked, and started it again. */
  trailBroken(seq: number): void {
    if (this.#brokenAt !== undefined) return
    this.#brokenAt = seq
    this.#init.onProblem(brokenText(seq))
  }

  /** The database server does not do what is asked. */
  serverAway(error: unknown): void {
    this.#server.met(error)
  }

  /** The database server does what is asked again. */
  serverBack(): void {
    this.#server.again()
  }

  /** The limits may have changed. */
  look(): void {
    this.#watch.look()
  }

  stop(): void {
    this.#watch.stop()
    this.#stall.stop()
    this.#server.stop()
    this.#files.stop()
  }

  #storeState(): StoreState {
    if (this.#hasStoreFailed) return 'failed'
    if (this.#server.isAway) return 'away'
    if (this.#stall.isStanding) return 'stalled'
    return this.#init.store.isReadOnly() ? 'read_only' : 'well'
  }

  /** Recorded when it begins, too: what waits is on the disk if it ever answers. */
  #stalled(event: string, ms: number, detail: string): void {
    this.#suspend()
    this.#tell(event, { ms, sessions: this.#init.manager.sessionsInDoubt.length }, detail)
  }

  #tell(event: string, data: Readonly<Record<string, JsonValue>>, detail: string): void {
    this.#init.onProblem(detail)
    this.#record(event, data)
  }

  #record(event: string, data: Readonly<Record<string, JsonValue>>): void {
    const { store, manager } = this.#init
    const failed = (error: unknown): void => void manager.emit('storeFailed', error)
    const record = { ...lifecycleRecord(event, data), severity: 'warning' } as const
    recorded(store, record).catch(failed)
  }

  #suspend(): void {
    const isFull = this.#watch.state.level === 'full'
    this.#init.manager.suspend(isFull || this.#stall.isStanding || this.#server.isAway)
  }

  async #tryWriting(): Promise<void> {
    const { manager } = this.#init
    try {
      await manager.tryStore()
    } catch (error) {
      if (!waitsForRoom(error) && !waitsForServer(error)) manager.emit('storeFailed', error)
      throw error
    }
  }

  #diskChanged(state: DiskState): void {
    const { onProblem } = this.#init
    this.#suspend()
    const free = freeOn(state)
    if (state.level === 'full') onProblem(`${free}: new sessions are refused until there is room`)
    else if (state.level === 'low') onProblem(`${free}: make room soon`)
    else onProblem(`${free}: there is room again`)
  }
}
