import { compact } from '../../protocol/base/compact.ts'
import type { SessionSummary } from '../../session/ports/store.ts'
import type { Transition } from '../sessions/session-history.ts'
import type { FeedSession, FeedTotals } from './event-feed-event.ts'
import { sessionDeadlines } from './session-deadlines.ts'

type Limits = Parameters<typeof sessionDeadlines>[2]

/** Which sessions are under way, as far as they were told of, and how those before them ended. */
export class ToldSessions {
  readonly #live = new Map<string, FeedSession>()
  #totals = { completed: 0, looked: 0, failed: 0, timedOut: 0, refused: 0 }

  /** Counts since the start. */
  get totals(): FeedTotals {
    return { ...this.#totals }
  }

  /** Oldest first, each as it was last told of. */
  get sessions(): readonly FeedSession[] {
    return [...this.#live.values()]
  }

  /**
   * Notes a session's move.
   * @param nameOf the name that the partner of a tally disclosed; asked once for each session
   * @returns the session as the feed tells it
   */
  moved(
    summary: SessionSummary,
    path: readonly Transition[],
    limits: Limits,
    nameOf: (tallyId: string) => string | undefined = () => undefined,
  ): FeedSession {
    const { id, tallyId } = summary
    const known = this.#live.get(id)?.peerName
    const peerName = known ?? (tallyId === undefined ? undefined : nameOf(tallyId))
    const last = path.at(-1)
    const session = {
      ...summary,
      ...compact({ peerName }),
      ...(last === undefined ? {} : { from: path[0]?.from ?? last.from, to: last.to, ms: last.ms }),
      ...sessionDeadlines(summary, last?.at ?? summary.startedAt, limits),
    }
    if (session.until === undefined) this.#ended(session)
    else this.#live.set(session.id, session)
    return session
  }

  refused(): void {
    this.#totals.refused += 1
  }

  #ended({ id, state, tallyId }: FeedSession): void {
    this.#live.delete(id)
    if (state === 'COMPLETED') this.#totals[tallyId === undefined ? 'looked' : 'completed'] += 1
    else if (state === 'TIMEOUT') this.#totals.timedOut += 1
    else this.#totals.failed += 1
  }
}
