import { writeScreen } from '../output/write-screen.ts'
import type { ScreenText } from '../text/screen-text.ts'
import type { Outlet } from './outlet.ts'

/** Characters that may wait for one reader: some thousand lines, a second or two of the busiest listener. */
const MAX_LINES_WAITING = 1_048_576
/** How often it is looked whether a reader that missed lines reads again, ms. */
const LOOK_AGAIN_MS = 250

/**
 * Writes lines as long as their reader takes them. More than the bound never waits: what comes then is dropped and
 * counted, and when the reader has caught up it is told how many lines it missed.
 */
export class LossyLines {
  readonly #outlet: Outlet
  readonly #missedLine: (count: number) => ScreenText | undefined
  readonly #most: number
  #missed = 0
  #timer: NodeJS.Timeout | undefined

  /** @param most characters that may wait. @default MAX_LINES_WAITING */
  constructor(
    outlet: Outlet,
    missedLine: (count: number) => ScreenText | undefined,
    most: number = MAX_LINES_WAITING,
  ) {
    this.#outlet = outlet
    this.#missedLine = missedLine
    this.#most = most
  }

  add(line: ScreenText): void {
    this.#catchUp()
    if (this.#missed > 0 || this.#outlet.waiting > this.#most) {
      this.#missed += 1
      this.#timer ??= setInterval(() => this.#catchUp(), LOOK_AGAIN_MS).unref()
    } else writeScreen(this.#outlet, line)
  }

  /** The last line: it is written whatever waits, and the number of those missed before it. */
  end(line: ScreenText): void {
    this.#tellMissed()
    writeScreen(this.#outlet, line)
  }

  /** A reader that has taken half of what waited reads again. */
  #catchUp(): void {
    if (this.#missed > 0 && this.#outlet.waiting <= this.#most / 2) this.#tellMissed()
  }

  #tellMissed(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    if (this.#missed === 0) return
    const count = this.#missed
    this.#missed = 0
    const line = this.#missedLine(count)
    if (line !== undefined) writeScreen(this.#outlet, line)
  }
}
