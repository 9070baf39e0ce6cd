import { compact } from '../../protocol/base/compact.ts'
import { isFinalState } from '../../session/machine/deadlines.ts'
import type { SessionSummary } from '../../session/ports/session-summary.ts'
import type { Transition } from '../sessions/session-history.ts'
import type { FeedSession, FeedTotals } from './event-feed-event.ts'
import { sessionDeadlines } from './session-deadlines.ts'
import { endingOf } from './session-ends.ts'
import { isSessionState } from './session-states.ts'

type Limits = Parameters<typeof sessionDeadlines>[2]

/** The peer of a session, the same in all its moves. */
export interface ToldPeer {
  /** Once it is known: the name that the peer has disclosed. */
  name?: string | undefined
  /** Its tally was looked at: if there is no name now, it has disclosed none. */
  isFound?: boolean
}

/** A session's move, to be told. */
export interface ToldSession {
  readonly peer: ToldPeer
  /** Makes the session as the feed tells it: most moves are told to nobody. */
  inWords(): FeedSession
}

/** A session's last move. Not its path: each entry holds the text of its event, which nobody is told. */
interface ToldMove {
  readonly summary: SessionSummary
  /** The states that it led from and to, and the ms in the last one that was left; undefined if it led nowhere. */
  readonly way: Pick<FeedSession, 'from' | 'to' | 'ms'> | undefined
  /** When it entered its state. */
  readonly since: number
  readonly limits: Limits
  readonly peer: ToldPeer
}

/** Which sessions are under way, as far as they were told of, and how those before them ended. */
export class ToldSessions {
  readonly #live = new Map<string, ToldMove>()
  #totals = { completed: 0, looked: 0, asked: 0, failed: 0, timedOut: 0, refused: 0 }

  /** Counts since the start. */
  get totals(): FeedTotals {
    return { ...this.#totals }
  }

  /** Oldest first, each as it was last told of. */
  get sessions(): readonly FeedSession[] {
    return [...this.#live.values()].map(inWords)
  }

  /** Notes a session's move. */
  moved(summary: SessionSummary, path: readonly Transition[], limits: Limits): ToldSession {
    const { id, state } = summary
    const last = path.at(-1)
    const move = {
      summary,
      way: last && { from: path[0]?.from ?? last.from, to: last.to, ms: last.ms },
      since: last?.at ?? summary.startedAt,
      limits,
      peer: this.#live.get(id)?.peer ?? {},
    }
    if (!isSessionState(state) || isFinalState(state)) this.#ended(summary)
    else this.#live.set(id, move)
    return { peer: move.peer, inWords: () => inWords(move) }
  }

  refused(): void {
    this.#totals.refused += 1
  }

  #ended(summary: SessionSummary): void {
    this.#live.delete(summary.id)
    this.#totals[endingOf(summary)] += 1
  }
}

function inWords({ summary, peer, way, since, limits }: ToldMove): FeedSession {
  return {
    ...summary,
    ...compact({ peerName: peer.name }),
    ...way,
    ...sessionDeadlines(summary, since, limits),
  }
}
