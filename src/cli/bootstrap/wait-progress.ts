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
  /** The pause that a log was told of last, and when, ms since the epoch. */
  #told: { readonly news: WaitNews; readonly at: number } | undefined
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
    const told = this.#told
    const isSame = told?.news.code === news.code && told.news.keptUntil === news.keptUntil
    if (isSame && now - told.at < STILL_MS) return
    this.#told = { news, at: now }
    const lapsed = told?.news.keptUntil
    if (lapsed !== undefined && news.keptUntil !== undefined && lapsed < news.keptUntil)
      this.#write(`Your request has lapsed, at ${localTime(lapsed)}; the inviter is asked anew.`)
    const [since, until] = [localTime(news.since), localTime(news.until)]
    const times = `since ${since}, until ${until} at most; ${nextInWords(news, now)}`
    this.#write(`${isSame ? 'Still waiting' : 'Waiting'}: ${whatFor(news)}, ${times}`)
    if (told === undefined) this.#write('  ^C leaves it; the same command goes on later.')
  }

  #write(text: string): void {
    writeScreen(this.#stream, line(text))
  }
}

function passingText(news: WaitNews, now: number): string {
  const [since, until] = [clockTime(news.since, now), clockTime(news.until, now)]
  const next = news.kind === 'undecided' ? '' : `${nextInWords(news, now)}, `
  return `Waiting since ${since}: ${whatFor(news)}; ${next}until ${until}`
}

function whatFor({ kind, code }: WaitNews): string {
  return kind === 'undecided' ? 'the inviter has yet to say yes' : reasonInWords(code)
}

function nextInWords({ kind, nextTryAt, keptUntil }: WaitNews, now: number): string {
  if (kind === 'undecided' && keptUntil !== undefined)
    return `your place is kept until ${localTime(keptUntil)}`
  const seconds = Math.ceil((nextTryAt - now) / 1_000)
  return `next try ${seconds > 0 ? `in ${seconds} s` : 'now'}`
}

/** The time of day on the wall; with its date if that is another one. */
function clockTime(at: number, now: number): string {
  const [date = '', time = ''] = localTime(at).split('T')
  const isToday = localTime(now).startsWith(date)
  return `${isToday ? '' : `${date} `}${time.slice(0, 'HH:MM'.length)}`
}
