import type { FeedWords } from './event-feed-event.ts'

/** How often the store is asked for the words of tallies that have only just come, ms. */
const LOOK_MS = 250
/** How long the partner's share may take, ms: it comes with the next message, or when it runs its link again. */
const PATIENCE_MS = 30_000
/** Tallies whose words are waited for; with more at once nobody reads them to anybody. */
const MAX_WAITING = 50

/** A tally of which the words may not be known yet. */
type Awaited = Omit<FeedWords, 'type' | 'words'>

export interface AwaitedWordsInit {
  /** The words of a tally, once they are known. Never rejects. */
  wordsOf(tallyId: string): Promise<readonly string[] | undefined>
  tell(news: FeedWords): void
}

/** Tells the words to compare of each new tally, as soon as both sides' shares are here. */
export class AwaitedWords {
  readonly #init: AwaitedWordsInit
  readonly #waiting = new Map<string, { readonly news: Awaited; readonly until: number }>()
  #timer: NodeJS.Timeout | undefined
  #isLooking = false

  constructor(init: AwaitedWordsInit) {
    this.#init = init
  }

  /** A session has led to a tally. */
  made(news: Awaited): void {
    if (this.#waiting.size >= MAX_WAITING) return
    this.#waiting.set(news.tallyId, { news, until: performance.now() + PATIENCE_MS })
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#waiting.clear()
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      for (const [tallyId, { news, until }] of this.#waiting) await this.#ask(tallyId, news, until)
    } finally {
      this.#isLooking = false
    }
    if (this.#waiting.size === 0) this.stop()
  }

  async #ask(tallyId: string, news: Awaited, until: number): Promise<void> {
    const words = await this.#init.wordsOf(tallyId)
    if (words === undefined && performance.now() < until) return
    // Nobody is told any more once it was stopped.
    const isAwaited = this.#waiting.delete(tallyId)
    if (isAwaited && words !== undefined) this.#init.tell({ type: 'words', ...news, words })
  }
}
