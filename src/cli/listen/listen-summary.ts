import type { ListenEvent } from '../../service/feed/event-feed-event.ts'
import { plainLine } from '../lines/listen-lines.ts'
import { lines, type ScreenText, stacked } from '../text/screen-text.ts'
import { tookText } from '../text/time-text.ts'

/** Problems that are told again at the end. */
const MAX_PROBLEMS = 5

/** Sums up a listener's run, for the person who watched it on a screen that is gone afterwards. */
export class ListenSummary {
  readonly #counts = { COMPLETED: 0, FAILED: 0, TIMEOUT: 0 }
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
        this.#ended(event.to, event.tallyId !== undefined)
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
    const { COMPLETED, FAILED, TIMEOUT } = this.#counts
    const counts = `${COMPLETED} completed, ${FAILED} failed, ${TIMEOUT} timed out, ${this.#refused} refused`
    const took = tookText(Math.max(0, (this.#stoppedAt || Date.now()) - this.#startedAt))
    const problems = [...new Set(this.#problems)].map((detail) => `problem: ${detail}`)
    const stopped = this.#stopped === undefined ? undefined : plainLine(this.#stopped)
    const summary = lines([`${counts} in ${took}`, ...problems])
    return stopped === undefined ? summary : stacked([stopped, summary])
  }

  #problem(detail: string): void {
    this.#problems = [...this.#problems, detail].slice(-MAX_PROBLEMS)
  }

  /** Those that only looked at the offer made nothing. */
  #ended(state: string | undefined, hasTally: boolean): void {
    if ((state === 'COMPLETED' && hasTally) || state === 'FAILED' || state === 'TIMEOUT') {
      this.#counts[state] += 1
    }
  }
}
