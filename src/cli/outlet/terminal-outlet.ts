import { constants, openSync, writeSync } from 'node:fs'
import type { Outlet } from './outlet.ts'

/** How soon a terminal that takes nothing now is tried again, ms: nothing tells when it does. */
const RETRY_MS = 50
/** Bytes that wait for a terminal, at most: four times what lines may, the rest is for whoever else writes there. */
const MAX_TERMINAL_WAITING = 4_194_304

/**
 * A terminal that nobody waits for. Node writes to a terminal at once, and stands still when it takes nothing: ^S, a
 * window on a line that hangs. So this writes to an opening of its own, which the system does not hold up, and which
 * other programs on the same terminal don't notice.
 */
export class TerminalOutlet implements Outlet {
  readonly #fd: number
  readonly #onGone: (error: unknown) => void
  #pending: Uint8Array[] = []
  #waiting = 0
  #isGone = false
  #timer: NodeJS.Timeout | undefined

  /**
   * @param fd of a terminal, opened with O_NONBLOCK
   * @param onGone told once, when there is no terminal any more
   */
  constructor(fd: number, onGone: (error: unknown) => void) {
    this.#fd = fd
    this.#onGone = onGone
  }

  get waiting(): number {
    return this.#waiting
  }

  /** Writes, or keeps what the terminal does not take now; beyond the bound the text is dropped whole. */
  write(text: string | Uint8Array): void {
    if (this.#isGone || this.#waiting >= MAX_TERMINAL_WAITING || text.length === 0) return
    // Bytes are copied: a caller may use them again before they are written.
    const bytes = typeof text === 'string' ? Buffer.from(text) : Uint8Array.from(text)
    this.#pending.push(bytes)
    this.#waiting += bytes.length
    if (this.#timer === undefined) this.#go()
  }

  #go(): void {
    this.#timer = undefined
    try {
      for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
        const written = writeSync(this.#fd, next)
        this.#waiting -= written
        if (written < next.length) this.#pending[0] = next.subarray(written)
        else this.#pending.shift()
      }
    } catch (error) {
      if (isFull(error)) this.#timer = setTimeout(() => this.#go(), RETRY_MS).unref()
      else this.#gone(error)
    }
  }

  #gone(error: unknown): void {
    this.#isGone = true
    this.#pending = []
    this.#waiting = 0
    this.#onGone(error)
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN'
}

/** Opens the terminal behind a file descriptor anew; undefined where that is not to be had. */
export function openTerminal(fd: number): number | undefined {
  // The second is for a terminal that belongs to another user, as under sudo.
  for (const path of [`/proc/self/fd/${fd}`, '/dev/tty']) {
    if (process.platform !== 'linux' && path !== '/dev/tty') continue
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK)
    } catch {
      // The next one.
    }
  }
  return undefined
}
