import { statfsSync } from 'node:fs'
import { compact } from '../../protocol/base/compact.ts'

/** Bounds on the free space of the disk that the data directory is on, bytes. */
export interface DiskLimits {
  /** Below it: a warning. */
  readonly warnBytes: number
  /** Below it nothing new is begun. */
  readonly reserveBytes: number
}

/** `low`: there is room, and it is time to make more. `full`: what is left is for what was begun. */
export type DiskLevel = 'ok' | 'low' | 'full'

export interface DiskState {
  readonly level: DiskLevel
  /** Bytes that this user may still write. Unknown if the system does not say. */
  readonly freeBytes?: number
  /** It took no more, whatever it says of itself. */
  readonly isMet?: boolean
}

/** How often the disk is looked at, ms: at 50 sessions a second some 2 MB are written in that time. */
const LOOK_MS = 5_000

/** How often it is tried again when it was met full, ms: somebody may be making room, and newcomers wait. */
const AGAIN_MS = 1_000

/** Less room than this is not worth trying, bytes: what is begun then is mostly lost again. A session writes some 10 KB. */
const MAX_CRUMB_BYTES = 1_048_576

export interface DiskWatchInit {
  /** The directory whose disk it is. */
  readonly path: string
  limits(): DiskLimits
  /** Told when the level changes. */
  onChange(state: DiskState): void
  /** Writes something. Rejects if there is no room for it. */
  tryWriting(): Promise<void>
}

/** Looks after the free space, so that a full disk is said before it is met; and if it is met, until there is room. */
export class DiskWatch {
  readonly #init: DiskWatchInit
  #state: DiskState = { level: 'ok' }
  #timer: NodeJS.Timeout | undefined
  #isMet = false

  constructor(init: DiskWatchInit) {
    this.#init = init
  }

  get state(): DiskState {
    return this.#state
  }

  start(): void {
    this.look()
    this.#arm()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Something could not be written for lack of room: full, until something can. */
  met(): void {
    if (this.#isMet) return
    this.#isMet = true
    this.look()
    if (this.#timer !== undefined) this.#arm()
  }

  /** Looks now. A disk that can't be asked is taken for well: writing will tell. */
  look(): void {
    const { path, limits, onChange } = this.#init
    const before = this.#state.level
    const freeBytes = freeBytesOf(path)
    const level = freeBytes === undefined ? 'ok' : levelOf(freeBytes, limits())
    this.#state = {
      level: this.#isMet ? 'full' : level,
      ...compact({ freeBytes }),
      ...(this.#isMet ? { isMet: true } : {}),
    }
    if (this.#state.level !== before) onChange(this.#state)
  }

  #arm(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#again(), this.#isMet ? AGAIN_MS : LOOK_MS).unref()
  }

  async #again(): Promise<void> {
    this.look()
    const { freeBytes = Number.POSITIVE_INFINITY } = this.#state
    if (this.#isMet && freeBytes > MAX_CRUMB_BYTES) {
      this.#isMet = !(await this.#hasWritten())
      this.look()
    }
    if (this.#timer !== undefined) this.#arm()
  }

  #hasWritten(): Promise<boolean> {
    return this.#init.tryWriting().then(
      () => true,
      () => false,
    )
  }
}

function levelOf(freeBytes: number, { warnBytes, reserveBytes }: DiskLimits): DiskLevel {
  if (freeBytes < reserveBytes) return 'full'
  return freeBytes < warnBytes ? 'low' : 'ok'
}

function freeBytesOf(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  } catch {
    return undefined
  }
}
