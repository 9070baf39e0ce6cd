import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'

/**
 * How often this process has each file open. POSIX drops a process's locks on a file when any handle of it is closed, so an
 * open file must not be read past SQLite; it was checked when it was first opened.
 */
const OPEN_HERE = new Map<string, number>()

/** True if this process has the file open already. */
export function isOpenHere(path: string): boolean {
  return OPEN_HERE.has(path)
}

export interface OpenFileInit {
  /** `frozen`: nobody changes the file as long as it is open, and what a log beside it holds is not looked at. */
  readonly mode: 'ro' | 'rw' | 'frozen'
  /** How long it waits for another process, ms. */
  readonly timeout: number
  /** Called once when it is closed. */
  onClose?(): void
}

/** A database of a file that is there: none is ever made. */
export class OpenFile extends DatabaseSync {
  readonly #path: string
  readonly #onClose: (() => void) | undefined

  constructor(path: string, { mode, timeout, onClose }: OpenFileInit) {
    const location = pathToFileURL(path)
    location.searchParams.set('mode', mode === 'rw' ? 'rw' : 'ro')
    if (mode === 'frozen') location.searchParams.set('immutable', '1')
    super(location, { timeout, readOnly: mode !== 'rw' })
    this.#path = path
    this.#onClose = onClose
    OPEN_HERE.set(path, (OPEN_HERE.get(path) ?? 0) + 1)
  }

  override close(): void {
    super.close()
    const left = (OPEN_HERE.get(this.#path) ?? 1) - 1
    if (left > 0) OPEN_HERE.set(this.#path, left)
    else OPEN_HERE.delete(this.#path)
    this.#onClose?.()
  }
}
