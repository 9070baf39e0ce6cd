import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'
import type { AuditHook, SessionAuditEvent } from '../session-hooks.ts'

/** The file is moved to `.1` when it gets longer than this, bytes; the one before is dropped. */
const MAX_BYTES = 16 * 1024 * 1024

/** Lines are written together, at most this many ms later. */
const FLUSH_MS = 250

/** Lines that wait; more than that are counted and dropped. */
const MAX_WAITING = 10_000

/**
 * One JSON line per committed transition. A tap for people and tools, not the audit: that is chained,
 * in the store, and written with the transition itself.
 */
export class EventFile implements AuditHook {
  readonly #path: string
  #waiting: string[] = []
  #dropped = 0
  #timer: NodeJS.Timeout | undefined
  /** Since the file could not be written: told once, until it can be again. */
  #failure: { readonly error: unknown; isTold: boolean } | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** @throws once if the file can't be written, which the listener tells; the lines of that time are counted */
  logSession(sessionId: string, { type, at, data }: SessionAuditEvent): void {
    // The rest is in the store, where these hooks have it from.
    if (type !== 'state') return
    this.#take(JSON.stringify({ v: 1, at, type, sessionId, data }))
    if (this.#failure === undefined || this.#failure.isTold) return
    this.#failure.isTold = true
    throw this.#failure.error
  }

  #take(text: string): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#dropped += 1
      return
    }
    this.#waiting.push(text)
    this.#timer ??= setTimeout(() => this.#flushQuietly(), FLUSH_MS).unref()
  }

  /** Writes the lines that wait. @throws if the file can't be written; the lines are gone then */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#waiting.length === 0) return
    const dropped = this.#dropped > 0 ? [JSON.stringify({ v: 1, dropped: this.#dropped })] : []
    const text = `${[...this.#waiting, ...dropped].join('\n')}\n`
    this.#waiting = []
    this.#dropped = 0
    append(this.#path, text)
  }

  /** A full disk must not end the listener for the sake of this file. */
  #flushQuietly(): void {
    const count = this.#waiting.length + this.#dropped
    try {
      this.flush()
      this.#failure = undefined
    } catch (error) {
      this.#dropped = count
      this.#failure ??= { error, isTold: false }
    }
  }
}

function append(path: string, text: string): void {
  const handle = openSync(path, 'a', 0o600)
  let size: number
  try {
    writeSync(handle, text)
    size = fstatSync(handle).size
  } finally {
    closeSync(handle)
  }
  if (size > MAX_BYTES) renameSync(path, `${path}.1`)
}
