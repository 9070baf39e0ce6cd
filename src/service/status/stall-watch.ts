import type { WatchedCommits } from '../../store/commit/watched-commits.ts'

/**
 * A commit that is on its way to the disk for so long, ms: the store stands still. A slow disk needs some tenths of a
 * second, and a session with several commits to wait for like this one runs into its deadlines.
 */
const MAX_COMMIT_AGE_MS = 2_000

/** How often the age of the oldest commit is looked at, ms. */
const LOOK_MS = 250

export interface StallWatchInit {
  readonly store: Pick<WatchedCommits, 'oldestCommitMs'>
  /** The store stands still, since so many ms. */
  onBegin(ms: number): void
  /** It answers again, after so many ms. */
  onEnd(ms: number): void
}

/** Looks after the age of the oldest commit under way. */
export class StallWatch {
  readonly #init: StallWatchInit
  #timer: NodeJS.Timeout | undefined
  /** Monotonic ms, while it stands still. */
  #since: number | undefined

  constructor(init: StallWatchInit) {
    this.#init = init
  }

  /** As of now, whether it was told yet or not. */
  get isStanding(): boolean {
    return this.#init.store.oldestCommitMs >= MAX_COMMIT_AGE_MS
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    const { store, onBegin, onEnd } = this.#init
    const now = performance.now()
    if (this.isStanding && this.#since === undefined) {
      const ms = Math.round(store.oldestCommitMs)
      this.#since = now - ms
      onBegin(ms)
    } else if (!this.isStanding && this.#since !== undefined) {
      const ms = Math.round(now - this.#since)
      this.#since = undefined
      onEnd(ms)
    }
  }
}
