import { fstatSync } from 'node:fs'

/** The first look after something was written, ms: `| head -1` has its line then, and is gone. */
const FIRST_MS = 250

/** The longest time between two looks, ms; each is twice as long as the one before. */
const LONGEST_MS = 30_000

/**
 * Finds out that nobody reads a pipe any more, also when there is nothing to write. The system tells a writer only
 * when it writes (a write of no bytes tells nothing), so a space, which is nothing to whoever parses JSON, is written
 * from time to time, ever more seldom.
 */
export class PipeProbe {
  readonly #write: () => void
  #timer: NodeJS.Timeout | undefined

  /** @param write writes a space, and hears of it if nobody reads, as any other write */
  constructor(write: () => void) {
    this.#write = write
  }

  /** Something was written: what comes next is looked for soon. */
  written(): void {
    this.#arm(FIRST_MS)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#write()
      this.#arm(Math.min(ms * 2, LONGEST_MS))
    }, ms)
    this.#timer.unref()
  }
}

/** Whether the stream may lose its reader: a file never does, and a terminal says so by a signal. */
export function isPipe(stream: { readonly fd?: number }): boolean {
  try {
    const stats = fstatSync(stream.fd ?? -1)
    return stats.isFIFO() || stats.isSocket()
  } catch {
    return false
  }
}
