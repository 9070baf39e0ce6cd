import { reasonInWords } from '../../service/feed/session-reasons.ts'
import type { WaitNews } from '../../service/waiting/not-yet.ts'
import { writePassing, writeScreen } from '../output/write-screen.ts'
import { line } from '../text/screen-text.ts'
import { harmlessWithin } from '../text/terminal-text.ts'
import { localTime } from '../text/time-text.ts'
import type { ProgressStyle } from './dial-progress.ts'

/** How often the time on the screen is renewed, ms. */
const RENEW_MS = 1_000

/** How often a log is told that it is still the same that is waited for, ms. */
const STILL_MS = 600_000

type Stream = Pick<NodeJS.WriteStream, 'columns' | 'write'>

/** Tells a person what is waited for, since when, until when, and when it is tried again. */
export class WaitProgress {
  readonly #stream: Stream
  readonly #style: ProgressStyle
  #latest: WaitNews | undefined
  /** The code that a log was told last, and when, ms since the epoch. */
  #told: { readonly code: string; readonly at: number } | undefined
  #timer: NodeJS.Timeout | undefined
  #isShown = false

  constructor(stream: Stream, style: ProgressStyle) {
    this.#stream = stream
    this.#style = style
  }

  /** The pause that was heard of last. */
  get latest(): WaitNews | undefined {
    return this.#latest
  }

  hear(news: WaitNews): void {
    this.#latest = news
    if (this.#style === 'passing') this.#show()
    else if (this.#style === 'lines') this.#log(news)
  }

  /** Takes the passing line away, for what is shown next. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isShown) writePassing(this.#stream, line(''))
    this.#isShown = false
  }

  #show(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#show(), RENEW_MS)
    const news = this.#latest
    if (news === undefined) return
    const { columns } = this.#stream
    const width = columns > 1 ? columns - 1 : 79
    this.#isShown = true
    writePassing(this.#stream, line(harmlessWithin(passingText(news, Date.now()), width)))
  }

  #log(news: WaitNews): void {
    const now = Date.now()
    const isFirst = this.#told === undefined
    const isSame = this.#told?.code === news.code
    if (isSame && now - (this.#told?.at ?? now) < STILL_MS) return
    this.#told = { code: news.code, at: now }
    const [since, until] = [localTime(news.since), localTime(news.until)]
    const times = `since ${since}, until ${until} at most; next try ${inSeconds(news, now)}`
    this.#write(`${isSame ? 'Still waiting' : 'Waiting'}: ${reasonInWords(news.code)}, ${times}`)
    if (isFirst) this.#write('  ^C leaves it; the same command goes on later.')
  }

  #write(text: string): void {
    writeScreen(this.#stream, line(text))
  }
}

function passingText(news: WaitNews, now: number): string {
  const [since, until] = [clockTime(news.since, now), clockTime(news.until, now)]
  return `Waiting since ${since}: ${reasonInWords(news.code)}; next try ${inSeconds(news, now)}, until ${until}`
}

function inSeconds({ nextTryAt }: WaitNews, now: number): string {
  const seconds = Math.ceil((nextTryAt - now) / 1_000)
  return seconds > 0 ? `in ${seconds} s` : 'now'
}

/** The time of day on the wall; with its date if that is another one. */
function clockTime(at: number, now: number): string {
  const [date = '', time = ''] = localTime(at).split('T')
  const isToday = localTime(now).startsWith(date)
  return `${isToday ? '' : `${date} `}${time.slice(0, 'HH:MM'.length)}`
}
