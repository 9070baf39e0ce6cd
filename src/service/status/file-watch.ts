import { closeSync, openSync } from 'node:fs'

/** How often it is tried whether a file can be opened, ms: one system call each time. */
const LOOK_MS = 500

/** So long must files be there again before that is told, ms: whoever fills all places comes back at once. */
const CALM_MS = 10_000

/** The codes of a limit on open files: of the process, of the system. */
const EXHAUSTED: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE'])

export interface FileWatchInit {
  /** No more files can be opened: nobody can connect. */
  onBegin(): void
  /** Files can be opened again, after so many ms. */
  onEnd(ms: number): void
  /** @default whether the system opens its empty device */
  canOpen?(): boolean
}

/** Notices that no more files can be opened. The system itself closes whatever connects then, and tells nobody. */
export class FileWatch {
  readonly #init: FileWatchInit
  #timer: NodeJS.Timeout | undefined
  /** Monotonic ms. */
  #since: number | undefined
  #metAt = 0

  constructor(init: FileWatchInit) {
    this.#init = init
  }

  /** As it was at the last look, or not long before. */
  get isExhausted(): boolean {
    return this.#since !== undefined
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), LOOK_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  look(): void {
    const { canOpen = opens, onBegin, onEnd } = this.#init
    const now = performance.now()
    if (!canOpen()) {
      this.#metAt = now
      if (this.#since !== undefined) return
      this.#since = now
      onBegin()
    } else if (this.#since !== undefined && now - this.#metAt >= CALM_MS) {
      const ms = Math.round(this.#metAt - this.#since)
      this.#since = undefined
      onEnd(ms)
    }
  }
}

function opens(): boolean {
  try {
    closeSync(openSync('/dev/null', 'r'))
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && EXHAUSTED.has(error.code))
  }
}
