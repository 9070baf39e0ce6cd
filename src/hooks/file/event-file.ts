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

  constructor(path: string) {
    this.#path = path
  }

  logSession(sessionId: string, { type, at, data }: SessionAuditEvent): void {
    // The rest is in the store, where these hooks have it from.
    if (type !== 'state') return
    if (this.#waiting.length >= MAX_WAITING) {
      this.#dropped += 1
      return
    }
    this.#waiting.push(JSON.stringify({ v: 1, at, type, sessionId, data }))
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
    try {
      this.flush()
    } catch {
      this.#dropped += 1
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
