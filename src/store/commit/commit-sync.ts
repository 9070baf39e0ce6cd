import { close, fdatasync, fdatasyncSync, openSync } from 'node:fs'

/** Brings commits to the disk. */
export interface CommitSync {
  /**
   * Begin to bring everything committed until now to the disk. One at a time.
   * @param done told once when it is there, or what the system said instead
   */
  begin(done: (problem?: unknown) => void): void
  /** Bring everything committed until now to the disk, before returning. @throws what the system says */
  now(): void
  close(): void
}

/** For commits that are on the disk when they return, or never. */
export const IN_COMMIT: CommitSync = {
  begin: (done) => done(),
  now: () => undefined,
  close: () => undefined,
}

/** One handle for each way to sync: the system tells each handle once of a write that failed. */
interface Handles {
  readonly aside: number
  readonly now: number
}

/**
 * Syncs SQLite's write-ahead log on a thread of its own, so that this one goes on meanwhile. For
 * `synchronous=NORMAL`, which leaves just that to us: a transaction is on the disk once the log that holds it is.
 * SQLite itself still syncs the log before it works it into the file, the file after that, and the head of a log
 * that begins anew.
 */
export class LogSync implements CommitSync {
  readonly #path: string
  #handles: Handles | undefined
  #isBusy = false
  #isClosed = false

  /** @param path the store's file; its log is beside it as long as it is open and was written to */
  constructor(path: string) {
    this.#path = `${path}-wal`
  }

  begin(done: (problem?: unknown) => void): void {
    let handle: number
    try {
      handle = this.#open().aside
    } catch (error) {
      done(error)
      return
    }
    this.#isBusy = true
    fdatasync(handle, (problem) => {
      this.#isBusy = false
      if (this.#isClosed) this.#release()
      done(problem ?? undefined)
    })
  }

  now(): void {
    fdatasyncSync(this.#open().now)
  }

  close(): void {
    this.#isClosed = true
    if (!this.#isBusy) this.#release()
  }

  /** Held open: a handle that is opened later may not be told of a write that failed before. */
  #open(): Handles {
    this.#handles ??= { aside: openSync(this.#path, 'r+'), now: openSync(this.#path, 'r+') }
    return this.#handles
  }

  #release(): void {
    const handles = this.#handles
    this.#handles = undefined
    for (const handle of handles === undefined ? [] : [handles.aside, handles.now]) close(handle)
  }
}
