import type { FeedEvent } from '../service/feed/event-feed-event.ts'
import type { BoardDetails } from './board/board.ts'

/** The source of what a view shows. All texts that come from it are harmless on a terminal. */
export interface DashboardSource {
  /** Takes the events since the last call, oldest first. Never waits. */
  take(): readonly FeedEvent[]
  /** The time there, ms since the epoch: a recording has a clock of its own. */
  now(): number
  /** A note about the source itself: nobody listens, or the recording is over. */
  note(): string | undefined
  /** The store's details of a session; undefined where there is no store. A failure is shown as nothing known. */
  details?(sessionId: string): Promise<BoardDetails | undefined>
}
