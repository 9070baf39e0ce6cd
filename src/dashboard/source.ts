import type { FeedEvent } from '../service/feed/event-feed-event.ts'
import type { SessionDetails } from './board/details.ts'

/** Where a view gets what it shows. All texts that come from it are harmless on a terminal. */
export interface DashboardSource {
  /** What came since the last call, oldest first. Never waits. */
  take(): readonly FeedEvent[]
  /** What time it is there, ms since the epoch: a recording has a clock of its own. */
  now(): number
  /** What there is to say about the source itself: nobody listens, or the recording is over. */
  note(): string | undefined
  /** What the store knows of a session; undefined where there is no store. A failure is shown as nothing known. */
  details?(sessionId: string): Promise<SessionDetails | undefined>
}
