import type { DashboardSource } from '../../dashboard/source.ts'
import type { FeedEvent } from '../../service/feed/event-feed-event.ts'

/** Events read ahead of what is shown. */
const AHEAD = 4_096

/** A recording, played with its own clock. */
export class ReplaySource implements DashboardSource {
  readonly #events: AsyncIterator<FeedEvent>
  readonly #speed: number
  readonly #monotonic: () => number
  #ahead: FeedEvent[] = []
  #isOver = false
  #problem: string | undefined
  #filling: Promise<void> | undefined
  /** On the recording's clock. */
  #firstAt = 0
  #lastAt = 0
  #startedAt = 0

  /** @param speed how many seconds of the recording pass in one */
  constructor(
    events: AsyncIterator<FeedEvent>,
    speed: number,
    monotonic: () => number = () => performance.now(),
  ) {
    this.#events = events
    this.#speed = speed
    this.#monotonic = monotonic
  }

  /** Reads the beginning; the clock runs from its first event. @throws what reading throws */
  async start(): Promise<void> {
    const first = await this.#events.next()
    if (first.done === true) {
      this.#isOver = true
      return
    }
    this.#ahead.push(first.value)
    this.#firstAt = first.value.at
    this.#lastAt = first.value.at
    this.#startedAt = this.#monotonic()
    await this.#fill()
  }

  take(): readonly FeedEvent[] {
    const now = this.now()
    const due = this.#ahead.findIndex(({ at }) => at > now)
    const events = this.#ahead.splice(0, due < 0 ? this.#ahead.length : due)
    if (this.#ahead.length < AHEAD / 2) void this.#fill()
    return events
  }

  /** The recording's time stands still at its end: nothing there grows older. */
  now(): number {
    const played = this.#firstAt + (this.#monotonic() - this.#startedAt) * this.#speed
    return this.#isOver ? Math.min(played, this.#lastAt) : played
  }

  note(): string | undefined {
    if (this.#problem !== undefined) return `the recording breaks off: ${this.#problem}`
    const isAtEnd = this.#isOver && this.#ahead.length === 0
    return isAtEnd ? 'the recording is over; q to leave' : `playing a recording, ${this.#speed} x`
  }

  #fill(): Promise<void> {
    this.#filling ??= this.#read().finally(() => {
      this.#filling = undefined
    })
    return this.#filling
  }

  async #read(): Promise<void> {
    try {
      while (!this.#isOver && this.#ahead.length < AHEAD) {
        const next = await this.#events.next()
        if (next.done === true) this.#isOver = true
        else {
          this.#ahead.push(next.value)
          this.#lastAt = Math.max(this.#lastAt, next.value.at)
        }
      }
    } catch (error) {
      this.#isOver = true
      this.#problem = error instanceof Error ? error.message : String(error)
    }
  }
}
