import type { ListenEvent } from '../../service/feed/event-feed-event.ts'
import { endingOf } from '../../service/feed/session-ends.ts'
import { plainLine } from '../lines/listen-lines.ts'
import { lines, type ScreenText, stacked } from '../text/screen-text.ts'
import { tookText } from '../text/time-text.ts'

/** Problems that are told again at the end. */
const MAX_PROBLEMS = 5

/** Sums up a listener's run, for the person who watched it on a screen that is gone afterwards. */
export class ListenSummary {
  readonly #counts = { completed: 0, looked: 0, asked: 0, failed: 0, timedOut: 0 }
  #refused = 0
  #startedAt = 0
  #problems: readonly string[] = []
  #stopped: ListenEvent | undefined
  #stoppedAt = 0

  note(event: ListenEvent): void {
    switch (event.type) {
      case 'listening':
        this.#startedAt = event.startedAt
        return
      case 'session':
        if (event.endedAt !== undefined) this.#counts[endingOf(event)] += 1
        return
      case 'refused':
        this.#refused += 1
        return
      case 'problem':
        this.#problem(event.detail)
        return
      case 'relay':
        if (event.state === 'lost') this.#problem(`relay lost: ${event.address}`)
        return
      case 'stopped':
        this.#stopped = event
        this.#stoppedAt = event.at
        return
      default:
    }
  }

  text(): ScreenText {
    const { completed, asked, failed, timedOut } = this.#counts
    const waiting = asked === 0 ? '' : `, ${asked} asked for your yes or no`
    const counts = `${completed} completed, ${failed} failed, ${timedOut} timed out, ${this.#refused} refused${waiting}`
    const took = tookText(Math.max(0, (this.#stoppedAt || Date.now()) - this.#startedAt))
    const problems = [...new Set(this.#problems)].map((detail) => `problem: ${detail}`)
    const stopped = this.#stopped === undefined ? undefined : plainLine(this.#stopped)
    const summary = lines([`${counts} in ${took}`, ...problems])
    return stopped === undefined ? summary : stacked([stopped, summary])
  }

  #problem(detail: string): void {
    this.#problems = [...this.#problems, detail].slice(-MAX_PROBLEMS)
  }
}
