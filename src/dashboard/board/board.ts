import type {
  FeedProof,
  FeedReady,
  FeedSession,
  FeedSyncs,
  FeedToken,
  FeedTotals,
  FeedWaiting,
  Reached,
} from '../../service/feed/event-feed-event.ts'

/** One state in a session's history. Times in milliseconds since the epoch. */
export interface Passage {
  readonly state: string
  /** When the state was entered. */
  readonly at: number
  /** How long the session was in it, ms; absent while it is. */
  readonly ms?: number
}

/** A session as it was last told of, with the states it went through. */
export interface BoardSession extends FeedSession {
  readonly passages: readonly Passage[]
}

/** A session as only the store knows it, asked for when somebody looks at it. All texts are harmless. */
export interface BoardDetails {
  /** The fields that the peer disclosed, kept when the tally was made. Empty if it disclosed nothing. */
  readonly identity: Readonly<Record<string, string>> | undefined
  /** The words to compare with the partner's; absent as long as its share in them is not here. */
  readonly words?: readonly string[] | undefined
  /** Each state it left, oldest first; `ms` in it. Times in ms since the epoch. */
  readonly transitions: readonly {
    readonly from: string
    readonly to: string
    readonly at: number
    readonly ms: number
  }[]
}

/** One record of the trail. */
export interface BoardRecord {
  readonly seq: number
  readonly at: number
  readonly severity: string
  readonly type: string
  /** The event, and the session. */
  readonly about: string
  /** The states that it tells of, in order. */
  readonly states: readonly string[]
  readonly reason: string | undefined
  /** The rest, as `name=value`. */
  readonly fields: string
}

/** The listener's load. */
export interface BoardHealth {
  readonly rssBytes: number
  readonly lagMs: number
  /** How the tallies' documents stand to the partners'. */
  readonly syncs?: FeedSyncs
  /** Requests that wait for the inviter's word. */
  readonly waiting?: FeedWaiting
  /** How far it has proven that it can be reached. */
  readonly proof?: FeedProof
  /** Nothing is reaped by itself until then, milliseconds since the epoch. */
  readonly reapPausedUntil?: number
}

/** The listener's last minutes. */
export type Ending =
  | { readonly kind: 'draining'; readonly active: number; readonly until: number }
  | {
      readonly kind: 'stopped'
      readonly reason: string
      readonly cut: number
      readonly parked: number
    }

/** The number of sessions that ended in each of the last seconds, the newest last. */
export interface Pulse {
  /** Seconds since the epoch of the newest count. */
  readonly second: number
  readonly counts: readonly number[]
}

/** Everything a reader knows of a listener. Never changed: each fold makes a new one. */
export interface Board {
  readonly listener: Omit<FeedReady, 'type' | 'totals'> | undefined
  readonly health: BoardHealth | undefined
  readonly reached: Reached | undefined
  readonly totals: FeedTotals
  /** Under way, by id, in the order they began. */
  readonly live: ReadonlyMap<string, BoardSession>
  /** Over, the newest first; some hundred at most. */
  readonly finished: readonly BoardSession[]
  readonly tokens: readonly FeedToken[]
  readonly moreTokens: number
  /** Names of invitations, by id. */
  readonly labels: ReadonlyMap<string, string>
  /** The newest last. */
  readonly records: readonly BoardRecord[]
  readonly refusals: ReadonlyMap<string, number>
  /** `isOver`: the news is that it is one no longer. */
  readonly problem:
    | { readonly at: number; readonly text: string; readonly isOver?: boolean }
    | undefined
  readonly ending: Ending | undefined
  readonly pulse: Pulse
  /** Events that this reader was too slow for. */
  readonly missed: number
  readonly missedAt: number
  /** Of the last event. */
  readonly at: number
}

export const EMPTY_BOARD: Board = {
  listener: undefined,
  health: undefined,
  reached: undefined,
  totals: { completed: 0, looked: 0, asked: 0, failed: 0, timedOut: 0, refused: 0 },
  live: new Map(),
  finished: [],
  tokens: [],
  moreTokens: 0,
  labels: new Map(),
  records: [],
  refusals: new Map(),
  problem: undefined,
  ending: undefined,
  pulse: { second: 0, counts: [] },
  missed: 0,
  missedAt: 0,
  at: 0,
}
