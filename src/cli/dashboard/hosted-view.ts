import { setTimeout as sleep } from 'node:timers/promises'
import type { ShownView } from '../../dashboard/show-view.ts'
import type { Outlet } from '../outlet/outlet.ts'

/** How long the view may take to be gone, ms: it is one write. */
const CLOSE_MS = 1_000

/** Keys and ends of a view, as whoever opens it passes them on. */
export interface HostedKeys {
  /** Whether the terminal has taken all that was drawn. */
  isFree(): boolean
  /** Called on q. */
  onQuit(): void
  /** Called on ^C. */
  onInterrupt(): void
  /** Called when there is no terminal any more; it may come to be known in several ways at once. */
  onGone(): void
}

/** The view of what runs in this process: its keys stop that, and its own failure does not. */
export class HostedView {
  readonly #terminal: Outlet
  readonly #onBroken: (why: string) => void
  #shown: Promise<ShownView | undefined> | undefined
  #isBroken = false
  #isStopping = false
  #hasEnded = false

  /** @param onBroken told once or more that the view is gone, though what runs is not */
  constructor(terminal: Outlet, onBroken: (why: string) => void) {
    this.#terminal = terminal
    this.#onBroken = onBroken
  }

  /** The view is gone, though what runs is not: what happens is told in lines. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  open(show: (keys: HostedKeys) => Promise<ShownView>): void {
    this.#shown = this.#open(show)
  }

  /** Told that the end has begun: q asks for nothing more. */
  stopping(): void {
    this.#isStopping = true
  }

  /** Takes it down, in bounded time. @returns whether there was something to take down, which is so once */
  async close(): Promise<boolean> {
    const shown = await this.#shown
    if (shown === undefined || this.#hasEnded) return false
    this.#hasEnded = true
    // Bounded: after an error that nobody foresaw, also in drawing.
    await Promise.race([shown.close().catch(() => undefined), sleep(CLOSE_MS)])
    return true
  }

  async #open(show: (keys: HostedKeys) => Promise<ShownView>): Promise<ShownView | undefined> {
    try {
      const shown = await show({
        isFree: () => this.#terminal.waiting === 0,
        // As a key, ^C is no signal; all that stops a process goes one way.
        onInterrupt: () => process.kill(process.pid, 'SIGINT'),
        onGone: () => process.kill(process.pid, 'SIGHUP'),
        onQuit: () => {
          if (!this.#isStopping) process.kill(process.pid, 'SIGINT')
          this.#isStopping = true
        },
      })
      shown.closed.catch((error: unknown) => this.#broke(error))
      return shown
    } catch (error) {
      return this.#broke(error)
    }
  }

  #broke(error: unknown): undefined {
    this.#isBroken = true
    this.#onBroken(error instanceof Error ? error.message : String(error))
  }
}
