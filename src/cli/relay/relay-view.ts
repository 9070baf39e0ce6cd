import type { RelayPicture } from '../../dashboard/relay/relay-picture.ts'
import type { RelayNews } from '../../service/relay/relay-news.ts'
import type { RelayStatus } from '../../service/status/relay-status.ts'
import { HostedView } from '../dashboard/hosted-view.ts'
import { openRelayView } from '../dashboard/open-relay-view.ts'
import { type EventOutput, lineOutput } from '../listen/listen-output.ts'
import { type Outlet, settled } from '../outlet/outlet.ts'
import { formatBytes } from '../text/byte-size.ts'
import { accessText, relayNewsText, relayPlainLine } from './relay-lines.ts'

/** News that are kept to be shown: more than any screen has rows. */
const MAX_NEWS = 200

/** Shows a relay while it runs, and its last line afterwards. */
export class RelayViewOutput implements EventOutput<RelayNews> {
  readonly #terminal: Outlet
  readonly #lines: EventOutput<RelayNews>
  readonly #status: () => RelayStatus
  readonly #view: HostedView
  #news: readonly string[] = []
  #stopped: RelayNews | undefined

  /** @param status of the relay, once it has started */
  constructor(terminal: Outlet, status: () => RelayStatus) {
    this.#terminal = terminal
    this.#status = status
    this.#lines = lineOutput(relayPlainLine, terminal)
    this.#view = new HostedView(terminal, (why) => this.#broke(why))
  }

  tell(news: RelayNews): void {
    if (news.type === 'ready') this.#show()
    else this.#note(news)
    if (news.type === 'stopped') this.#stopped = news
    else if (this.#view.isBroken) this.#lines.tell(news)
  }

  async end(): Promise<void> {
    await this.#view.close()
    if (this.#stopped !== undefined) this.#lines.tell(this.#stopped)
    this.#stopped = undefined
    await settled([this.#terminal])
  }

  #note(news: Exclude<RelayNews, { type: 'ready' }>): void {
    const time = new Date(news.at).toTimeString().slice(0, 8)
    this.#news = [...this.#news, `${time} ${relayNewsText(news)}`].slice(-MAX_NEWS)
  }

  #show(): void {
    const picture = (): RelayPicture => pictureOf(this.#status(), this.#news)
    this.#view.open(async (keys) => await openRelayView({ ...keys, picture }))
  }

  /** A view that can't be drawn is no reason to stop relaying. */
  #broke(why: string): void {
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
