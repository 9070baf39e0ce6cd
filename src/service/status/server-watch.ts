import { StoreStalledError, StoreUnreachableError } from '../../store/errors.ts'

/** How soon it is tried again, ms: newcomers wait. */
const AGAIN_MS = 1_000

export interface ServerWatchInit {
  /** Writes something. Rejects if the server does not take it. */
  tryWriting(): Promise<void>
  /** The server does not do what is asked. @param detail in words */
  onBegin(detail: string): void
  /** It does again, after so many ms. */
  onEnd(ms: number): void
}

/**
 * True of a failure that is over when the database server is back: what could not be written is wholly taken back, and of a commit
 * that nobody knows the end of the next one finds out.
 */
export function waitsForServer(error: unknown): boolean {
  if (error instanceof StoreUnreachableError) return true
  return error instanceof StoreStalledError && error.on === 'server'
}

/** Looks after a database server that was met away, busy or read-only, until something can be written there. */
export class ServerWatch {
  readonly #init: ServerWatchInit
  /** Monotonic ms, while it is. */
  #since: number | undefined
  #timer: NodeJS.Timeout | undefined
  #isTrying = false
  #isStopped = false

  constructor(init: ServerWatchInit) {
    this.#init = init
  }

  get isAway(): boolean {
    return this.#since !== undefined
  }

  /** Something could not be written. */
  met(error: unknown): void {
    if (this.isAway || this.#isStopped) return
    this.#since = performance.now()
    this.#init.onBegin(error instanceof Error ? error.message : 'the store can’t be written')
    this.#arm()
  }

  /** It may be back: tries at once. */
  again(): void {
    if (this.isAway) void this.#try()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  #arm(): void {
    clearTimeout(this.#timer)
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#try(), AGAIN_MS).unref()
  }

  async #try(): Promise<void> {
    if (this.#isTrying) return
    this.#isTrying = true
    const isWritten = await this.#init.tryWriting().then(
      () => true,
      () => false,
    )
    this.#isTrying = false
    const since = this.#since
    if (!isWritten || since === undefined) return this.#arm()
    this.#since = undefined
    clearTimeout(this.#timer)
    this.#init.onEnd(Math.round(performance.now() - since))
  }
}
