import type { FeedReader } from '../../service/feed/event-feed.ts'
import type { ListenEvent } from '../../service/feed/event-feed-event.ts'
import type { Listener } from '../../service/listener/listener.ts'
import { HostedView } from '../dashboard/hosted-view.ts'
import { openDashboard } from '../dashboard/open-dashboard.ts'
import { plainLine } from '../lines/listen-lines.ts'
import { type Outlet, settled } from '../outlet/outlet.ts'
import { writeScreen } from '../output/write-screen.ts'
import { type DetailsOf, type ListenOutput, lineOutput } from './listen-output.ts'
import { ListenSummary } from './listen-summary.ts'

/** Shows the dashboard while the listener runs, and what came of it afterwards. */
export class DashboardOutput implements ListenOutput {
  readonly #summary = new ListenSummary()
  readonly #terminal: Outlet
  readonly #lines: ListenOutput
  readonly #view: HostedView
  #listener: Listener | undefined
  #details: DetailsOf | undefined
  #reader: FeedReader | undefined

  constructor(terminal: Outlet) {
    this.#terminal = terminal
    this.#lines = lineOutput(plainLine, terminal)
    this.#view = new HostedView(terminal, (why) => this.#broke(why))
  }

  attach(listener: Listener, details: DetailsOf): void {
    this.#listener = listener
    this.#details = details
  }

  tell(event: ListenEvent): void {
    this.#summary.note(event)
    if (event.type === 'listening') this.#show()
    if (event.type === 'draining') this.#view.stopping()
    if (this.#view.isBroken) this.#lines.tell(event)
  }

  async end(): Promise<void> {
    if (!(await this.#view.close())) return
    this.#reader?.close()
    writeScreen(this.#terminal, this.#summary.text())
    await settled([this.#terminal])
  }

  #show(): void {
    this.#view.open(async (keys) => {
      const details = this.#details
      const reader = this.#listener?.follow()
      if (reader === undefined || details === undefined) throw new Error('too many readers')
      this.#reader = reader
      const source = {
        take: () => reader.take(),
        now: Date.now,
        note: () => undefined,
        details,
      }
      return await openDashboard({ ...keys, source, isListeners: true })
    })
  }

  /** A view that can't be drawn is no reason to stop listening. */
  #broke(why: string): void {
    this.#reader?.close()
    const detail = `the dashboard is gone (${why}); the listener goes on`
    this.#lines.tell({ type: 'problem', at: Date.now(), detail })
  }
}
