import { statfsSync } from 'node:fs'

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
  /** What this user may still write, bytes. Unknown if the system does not say. */
  readonly freeBytes?: number
}

/** How often the disk is looked at, ms: at 50 sessions a second some 2 MB are written in that time. */
const LOOK_MS = 5_000

export interface DiskWatchInit {
  /** The directory whose disk it is. */
  readonly path: string
  limits(): DiskLimits
  /** Told when the level changes. */
  onChange(state: DiskState): void
}

/** Looks after the free space, so that a full disk is said before it is met. */
export class DiskWatch {
  readonly #init: DiskWatchInit
  #state: DiskState = { level: 'ok' }
  #timer: NodeJS.Timeout | undefined

  constructor(init: DiskWatchInit) {
    this.#init = init
  }

  get state(): DiskState {
    return this.#state
  }

  start(): void {
    this.look()
    this.#timer ??= setInterval(() => this.look(), LOOK_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Look now. A disk that can't be asked is taken for well: writing will tell. */
  look(): void {
    const { path, limits, onChange } = this.#init
    const before = this.#state.level
    const freeBytes = freeBytesOf(path)
    this.#state =
      freeBytes === undefined ? { level: 'ok' } : { level: levelOf(freeBytes, limits()), freeBytes }
    if (this.#state.level !== before) onChange(this.#state)
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
