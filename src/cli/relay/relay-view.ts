import { setTimeout as sleep } from 'node:timers/promises'
import type { RelayPicture } from '../../dashboard/relay/relay-picture.ts'
import type { RelayNews } from '../../service/relay/relay-news.ts'
import type { RelayStatus } from '../../service/status/relay-status.ts'
import { openRelayView } from '../dashboard/open-relay-view.ts'
import { type EventOutput, lineOutput } from '../listen/listen-output.ts'
import { type Outlet, settled } from '../outlet/outlet.ts'
import { formatBytes } from '../text/byte-size.ts'
import { accessText, relayNewsText, relayPlainLine } from './relay-lines.ts'

/** How long the view may take to be gone, ms: it is one write. */
const CLOSE_MS = 1_000

/** News that are kept to be shown: more than any screen has rows. */
const MAX_NEWS = 200

type Shown = Awaited<ReturnType<typeof openRelayView>>

/** Shows a relay while it runs, and its last line afterwards. */
export class RelayViewOutput implements EventOutput<RelayNews> {
  readonly #terminal: Outlet
  readonly #lines: EventOutput<RelayNews>
  readonly #status: () => RelayStatus
  #news: readonly string[] = []
  #shown: Promise<Shown | undefined> | undefined
  #stopped: RelayNews | undefined
  /** The view is gone, though the relay is not: what happens is told in lines. */
  #isBroken = false
  #isStopping = false
  #hasEnded = false

  /** @param status of the relay, once it has started */
  constructor(terminal: Outlet, status: () => RelayStatus) {
    this.#terminal = terminal
    this.#status = status
    this.#lines = lineOutput(relayPlainLine, terminal)
  }

  tell(news: RelayNews): void {
    if (news.type === 'ready') this.#shown = this.#show()
    else this.#note(news)
    if (news.type === 'stopped') this.#stopped = news
    else if (this.#isBroken) this.#lines.tell(news)
  }

  async end(): Promise<void> {
    const shown = await this.#shown
    if (this.#hasEnded) return
    this.#hasEnded = true
    await Promise.race([shown?.close().catch(() => undefined), sleep(CLOSE_MS)])
    if (this.#stopped !== undefined) this.#lines.tell(this.#stopped)
    await settled([this.#terminal])
  }

  #note(news: Exclude<RelayNews, { type: 'ready' }>): void {
    const time = new Date(news.at).toTimeString().slice(0, 8)
    this.#news = [...this.#news, `${time} ${relayNewsText(news)}`].slice(-MAX_NEWS)
  }

  async #show(): Promise<Shown | undefined> {
    try {
      const shown = await openRelayView({
        picture: () => pictureOf(this.#status(), this.#news),
        isFree: () => this.#terminal.waiting === 0,
        // As a key, ^C is no signal; all that stops a relay goes one way.
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

  /** A view that can't be drawn is no reason to stop relaying. */
  #broke(why: string): undefined {
    this.#isBroken = true
    const detail = `the view is gone (${why}); the relay goes on`
    this.#lines.tell({ type: 'problem', at: Date.now(), detail })
  }
}

/** @param news in words, the newest last */
function pictureOf(status: RelayStatus, news: readonly string[]): RelayPicture {
  const { access, refused, bytes, rssBytes, drainMs, ...same } = status
  return {
    ...same,
    now: Date.now(),
    access: accessText(access),
    refused: Object.values(refused).reduce((sum, count) => sum + count, 0),
    bytes: formatBytes(bytes),
    memory: formatBytes(rssBytes),
    drainMs,
    news,
  }
}
