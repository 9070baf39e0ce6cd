import { accessSync, constants } from 'node:fs'
import { DEFAULT_NETWORK_LIMITS } from '../../network/base/limits.ts'
import { type NetworkNode, nodeAddresses } from '../../network/node/node.ts'
import { type NodeUsage, nodeUsage } from '../../network/node/node-usage.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import { type DiskLimits, type DiskState, DiskWatch } from './disk-watch.ts'
import { freeOn, type Health, judgeHealth } from './judge-health.ts'
import { waitsForRoom } from './waits-for-room.ts'

export interface HealthWatchInit {
  readonly directory: DataDirectory
  readonly manager: SessionCore
  readonly node: NetworkNode
  disk(): DiskLimits
  /** Something has changed that an operator should know of. */
  onProblem(detail: string): void
}

/** Watches a listener's health, and refuses newcomers while the disk is as good as full. */
export class HealthWatch {
  readonly #init: HealthWatchInit
  readonly #watch: DiskWatch
  #hasStoreFailed = false

  constructor(init: HealthWatchInit) {
    this.#init = init
    this.#watch = new DiskWatch({
      path: init.directory.path,
      limits: () => init.disk(),
      onChange: (state) => this.#diskChanged(state),
      tryWriting: () => this.#tryWriting(),
    })
  }

  get disk(): DiskState & DiskLimits {
    return { ...this.#watch.state, ...this.#init.disk() }
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
      store: this.#hasStoreFailed ? 'failed' : this.#storeAccess(),
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
  }

  /** The limits may have changed. */
  look(): void {
    this.#watch.look()
  }

  stop(): void {
    this.#watch.stop()
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
    const { manager, onProblem } = this.#init
    manager.suspend(state.level === 'full')
    const free = freeOn(state)
    if (state.level === 'full') onProblem(`${free}: new sessions are refused until there is room`)
    else if (state.level === 'low') onProblem(`${free}: make room soon`)
    else onProblem(`${free}: there is room again`)
  }
}
