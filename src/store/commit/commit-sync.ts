import { close, fdatasync, fdatasyncSync, openSync } from 'node:fs'

/** Syncs commits to the disk. */
export interface CommitSync {
  /**
   * Begins to sync everything committed so far. One at a time.
   * @param done called once: without an argument when all of it is on the disk, otherwise with the system's error
   */
  begin(done: (problem?: unknown) => void): void
  /** Syncs everything committed so far before it returns. @throws the system's error */
  now(): void
  close(): void
}

/** For databases whose commits are on the disk when they return, or that have no disk. */
export const IN_COMMIT: CommitSync = {
  begin: (done) => done(),
  now: () => undefined,
  close: () => undefined,
}

/** One handle for each way to sync: the system reports a failed write once to each handle. */
interface Handles {
  readonly aside: number
  readonly now: number
}

/**
 * Syncs SQLite's write-ahead log on another thread, so that this one goes on meanwhile. Needs `synchronous=NORMAL`, which
 * leaves exactly that to the caller: a transaction is on the disk once the log that holds it is.
 * SQLite itself still syncs the log before it works it into the file, the file after that, and the head of a log
 * that begins anew.
 */
export class LogSync implements CommitSync {
  readonly #path: string
  #handles: Handles | undefined
  #isBusy = false
  #isClosed = false

  /** @param path the store's file; its log lies beside it while the store is open and was written to */
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

  /** The handles stay open: one that is opened later may not be told of a write that failed before. */
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
