import { setTimeout as sleep } from 'node:timers/promises'
import type { ShownDashboard } from '../../dashboard/show-dashboard.tsx'
import type { FeedReader } from '../../service/feed/event-feed.ts'
import type { ListenEvent } from '../../service/feed/event-feed-event.ts'
import type { Listener } from '../../service/listener/listener.ts'
import { openDashboard } from '../dashboard/open-dashboard.ts'
import { plainLine } from '../lines/listen-lines.ts'
import { type Outlet, settled } from '../outlet/outlet.ts'
import { writeScreen } from '../output/write-screen.ts'
import { type DetailsOf, type ListenOutput, lineOutput } from './listen-output.ts'
import { ListenSummary } from './listen-summary.ts'

/** How long the view may take to be gone, ms: it is one write. */
const CLOSE_MS = 1_000

/** Shows the dashboard while the listener runs, and what came of it afterwards. */
export class DashboardOutput implements ListenOutput {
  readonly #summary = new ListenSummary()
  readonly #terminal: Outlet
  readonly #lines: ListenOutput
  #listener: Listener | undefined
  #details: DetailsOf | undefined
  #reader: FeedReader | undefined
  #shown: Promise<ShownDashboard | undefined> | undefined
  /** The view is gone, though the listener is not: what happens is told in lines. */
  #isBroken = false
  #isStopping = false
  #hasEnded = false

  constructor(terminal: Outlet) {
    this.#terminal = terminal
    this.#lines = lineOutput(plainLine, terminal)
  }

  attach(listener: Listener, details: DetailsOf): void {
    this.#listener = listener
    this.#details = details
  }

  tell(event: ListenEvent): void {
    this.#summary.note(event)
    if (event.type === 'listening') this.#shown = this.#show()
    if (event.type === 'draining') this.#isStopping = true
    if (this.#isBroken) this.#lines.tell(event)
  }

  async end(): Promise<void> {
    const shown = await this.#shown
    if (shown === undefined || this.#hasEnded) return
    this.#hasEnded = true
    // Bounded: after an error that nobody foresaw, also in drawing.
    await Promise.race([shown.close().catch(() => undefined), sleep(CLOSE_MS)])
    this.#reader?.close()
    writeScreen(this.#terminal, this.#summary.text())
    await settled([this.#terminal])
  }

  async #show(): Promise<ShownDashboard | undefined> {
    const details = this.#details
    const reader = this.#listener?.follow()
    if (reader === undefined || details === undefined) return this.#broke('too many readers')
    this.#reader = reader
    try {
      const shown = await openDashboard({
        source: {
          take: () => reader.take(),
          now: Date.now,
          note: () => undefined,
          details: async (id) => details(id),
        },
        isListeners: true,
        isFree: () => this.#terminal.waiting === 0,
        // As a key, ^C is no signal; all that stops a listener goes one way.
        onInterrupt: () => process.kill(process.pid, 'SIGINT'),
        onGone: () => process.kill(process.pid, 'SIGHUP'),
        onQuit: () => {
          if (!this.#isStopping) process.kill(process.pid, 'SIGINT')
          this.#isStopping = true
        },
      })
      shown.closed.catch((error: unknown) => this.#broke(String(error)))
      return shown
    } catch (error) {
      return this.#broke(String(error))
    }
  }

  /** A view that can't be drawn is no reason to stop listening. */
  #broke(why: string): undefined {
    this.#isBroken = true
    this.#reader?.close()
    const detail = `the dashboard is gone (${why}); the listener goes on`
    this.#lines.tell({ type: 'problem', at: Date.now(), detail })
  }
}
