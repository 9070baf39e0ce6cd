import { accessSync, constants } from 'node:fs'
import { DEFAULT_NETWORK_LIMITS } from '../../network/base/limits.ts'
import { type NetworkNode, nodeAddresses } from '../../network/node/node.ts'
import { type NodeUsage, nodeUsage } from '../../network/node/node-usage.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import type { Store } from '../../store/transaction/store.ts'
import { lifecycleRecord } from '../record/lifecycle-record.ts'
import { type DiskLimits, type DiskState, DiskWatch } from './disk-watch.ts'
import { freeOn, type Health, judgeHealth, type StoreState } from './judge-health.ts'
import { StallWatch } from './stall-watch.ts'
import { waitsForRoom } from './waits-for-room.ts'

export interface HealthWatchInit {
  readonly directory: DataDirectory
  readonly store: Store
  readonly manager: SessionCore
  readonly node: NetworkNode
  disk(): DiskLimits
  /** Something has changed that an operator should know of. */
  onProblem(detail: string): void
}

/** Watches a listener's health, and refuses newcomers while the disk is as good as full, or does not answer. */
export class HealthWatch {
  readonly #init: HealthWatchInit
  readonly #watch: DiskWatch
  readonly #stall: StallWatch
  #hasStoreFailed = false

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
      onBegin: (ms) => this.#stalled('store.stalled', ms, `its disk has not answered for ${ms} ms`),
      onEnd: (ms) => this.#stalled('store.answers', ms, `its disk answers again, after ${ms} ms`),
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
    const { manager, node } = this.#init
    return judgeHealth({
      admission: manager.admission,
      addresses: nodeAddresses(node),
      disk: this.#watch.state,
      store: this.#storeState(),
      connections: node.getConnections().length,
      maxConnections: DEFAULT_NETWORK_LIMITS.maxConnections,
    })
  }

  /** Looks at the disk at once and from time to time. Called once. */
  start(): void {
    this.#init.manager.on('storeFailed', (error) => {
      if (waitsForRoom(error)) this.#watch.met()
      else this.#hasStoreFailed = true
    })
    this.#watch.start()
    this.#stall.start()
  }

  /** The limits may have changed. */
  look(): void {
    this.#watch.look()
  }

  stop(): void {
    this.#watch.stop()
    this.#stall.stop()
  }

  #storeState(): StoreState {
    if (this.#hasStoreFailed) return 'failed'
    return this.#stall.isStanding ? 'stalled' : this.#storeAccess()
  }

  /** Recorded when it begins, too: what waits is on the disk if it ever answers. */
  #stalled(event: string, ms: number, detail: string): void {
    const { store, manager, onProblem } = this.#init
    this.#suspend()
    onProblem(
      event === 'store.stalled' ? `${detail}: new sessions are refused until it does` : detail,
    )
    try {
      const sessions = manager.sessionsInDoubt.length
      const record = lifecycleRecord(event, { ms, sessions })
      store
        .transact((transaction) => transaction.appendAudit({ ...record, severity: 'warning' }))
        .durable.catch((error: unknown) => manager.emit('storeFailed', error))
    } catch (error) {
      manager.emit('storeFailed', error)
    }
  }

  #suspend(): void {
    this.#init.manager.suspend(this.#watch.state.level === 'full' || this.#stall.isStanding)
  }

  #storeAccess(): 'well' | 'read_only' {
    try {
      accessSync(this.#init.directory.storeFile, constants.R_OK | constants.W_OK)
      return 'well'
    } catch {
      return 'read_only'
    }
  }

  async #tryWriting(): Promise<void> {
    const { manager } = this.#init
    try {
      await manager.tryStore()
    } catch (error) {
      if (!waitsForRoom(error)) manager.emit('storeFailed', error)
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
