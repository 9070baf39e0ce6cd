import type { AuditRecord } from '../../audit/record/record.ts'
import type { SessionSummary } from '../../session/ports/session-summary.ts'
import type { SettingChange } from '../status/listener-settings.ts'
import type { ListenerStatus } from '../status/listener-status.ts'
import type { SessionDeadlines } from './session-deadlines.ts'

/** The version of the feed's events. A reader ignores types and fields it does not know. */
export const FEED_VERSION = 1

/** A session as the feed tells it, once for each change of state. Times are milliseconds since the epoch. */
export interface FeedSession extends SessionSummary, SessionDeadlines {
  /** The state it came from, and how long it was there (ms, monotonic). Absent if it was in this state before the reader came. */
  readonly from?: string
  readonly to?: string
  readonly ms?: number
  /** The name that the peer disclosed, once there is a tally with it. Foreign text. */
  readonly peerName?: string
}

/** Counts since the listener's start. */
export interface FeedTotals {
  /** Those that made a tally, or found the one they had. */
  readonly completed: number
  /** Those that only looked at the offer. */
  readonly looked: number
  /** Those that ended with a request which waits for the inviter's word. */
  readonly asked: number
  readonly failed: number
  readonly timedOut: number
  readonly refused: number
}

/** An invitation, without anything that is secret. */
export interface FeedToken {
  readonly id: string
  readonly label?: string
  readonly role: 'stock' | 'foil'
  /** `null`: any number. */
  readonly uses: number | null
  readonly used: number
  readonly reserved: number
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  readonly revokedAt?: number
  readonly pausedAt?: number
  /** The inviter says yes or no to each request. */
  readonly byHand?: true
}

/** A request at an invitation by hand, and what the inviter said of it. What was disclosed is foreign text. */
export interface FeedRequest {
  readonly type: 'request'
  /** `over`: it ended without the inviter's word. */
  readonly state: 'waiting' | 'approved' | 'denied' | 'over'
  /** That of the session which asked. */
  readonly id: string
  readonly peerId: string
  readonly tokenId: string
  /** The name that the peer disclosed. */
  readonly peerName?: string
  /** Milliseconds since the epoch: until when it waits; after a yes, until when its use is held. */
  readonly until?: number
  /** `over`: why. */
  readonly cause?: string
}

/** How far away this listener was reached from: the widest scope a contact came from. */
export type Reached = 'loopback' | 'link-local' | 'private' | 'cgnat' | 'relay' | 'public'

/** How far the listener has proven that it can be reached: the best of its own tries. */
export interface FeedProof {
  /** The way by which it was tried: from this computer itself, or through a relay. */
  readonly by: 'self' | 'relay'
  /** When, in milliseconds since the epoch. */
  readonly triedAt: number
  /** Why it was not met at any address, in words. Absent: it was. */
  readonly problem?: string
  /** A relay could connect to its best address directly, or could not. Absent: none tried, or older listeners. */
  readonly outside?: 'proven' | 'failed'
}

/** The listener and its limits. Also tells a reader to forget all it knew before. */
export interface FeedReady {
  readonly type: 'ready'
  readonly pid: number
  readonly peerId: string
  /** Multiaddrs without peer id. */
  readonly addresses: readonly string[]
  readonly startedAt: number
  readonly maxSessions: number
  readonly ratePerMinute: number
  readonly totals: FeedTotals
}

/** A relay by which others reach this listener: its place there was taken, or lost. */
export interface FeedRelay {
  readonly type: 'relay'
  /** Multiaddr without the relay's id. */
  readonly address: string
  readonly state: 'reserved' | 'lost'
  /** It had been lost before. */
  readonly isBack?: boolean | undefined
  /** Why it is lost, in words. */
  readonly problem?: string | undefined
}

/** How the tallies' documents stand to the partners'. */
export interface FeedSyncs {
  /** Equal when the partners last met, and not changed here since. */
  readonly inSync: number
  /** Changed here, and not known to be at the partner. */
  readonly ahead: number
  /** Changed at the partner, and not here yet. */
  readonly behind: number
  /** Not synced any further. */
  readonly stopped: number
}

/** An exchange with a partner in which changes went either way, or which did not go to its end. */
export interface FeedSync {
  readonly type: 'sync'
  readonly peerId: string
  /** The side that sought the other. */
  readonly by: 'here' | 'partner'
  /** `cut`: it broke off, what was taken stays; `missed`: the partner could not be met, told once until it is. */
  readonly result: 'met' | 'cut' | 'missed'
  /** Changes of the partner's that were taken. */
  readonly taken: number
  /** Changes of this side's that the partner is known to have now. */
  readonly given: number
}

/** The router of this network has mapped ports, or has not. */
export interface FeedRouter {
  readonly type: 'router'
  readonly state: 'mapped' | 'failed'
  /** Its address on the local network, if one has answered. */
  readonly router?: string | undefined
  /** Multiaddrs that it passes on to here, by its own word. */
  readonly addresses: readonly string[]
  /** Why nobody comes in that way, in words. */
  readonly problem?: string | undefined
}

/** The words to compare of a new tally: the partner's screen shows the same, unless somebody stands between the two. */
export interface FeedWords {
  readonly type: 'words'
  readonly tallyId: string
  readonly peerId: string
  /** Foreign text. */
  readonly peerName?: string
  readonly words: readonly string[]
}

/** The requests that wait for the inviter's word. */
export interface FeedWaiting {
  readonly count: number
  /** Those that wait the longest, a few. The name is foreign text. */
  readonly oldest: readonly {
    readonly id: string
    readonly peerId: string
    readonly peerName?: string
  }[]
}

/** A tick, once a second while somebody reads. */
export interface FeedHealth {
  readonly type: 'health'
  /** Sessions under way. */
  readonly active: number
  readonly maxSessions: number
  readonly totals: FeedTotals
  readonly addresses: readonly string[]
  /** Absent: nobody has come yet. */
  readonly reached?: Reached
  /** Absent: nothing was tried. */
  readonly proof?: FeedProof
  /** Absent: no document was set or synced yet. */
  readonly syncs?: FeedSyncs
  /** Nothing is reaped by itself until then, milliseconds since the epoch. Absent: it is, or never was to be. */
  readonly reapPausedUntil?: number
  /** Absent: none wait, or older listeners. */
  readonly waiting?: FeedWaiting
  readonly rssBytes: number
  /** How late the last tick came, ms. */
  readonly lagMs: number
}

/** Something that happened in a listener. All of it is committed, if it is recorded at all. */
export type FeedFact =
  | FeedReady
  | FeedHealth
  | ({ readonly type: 'session' } & FeedSession)
  /** A stream that did not become a session. */
  | { readonly type: 'refused'; readonly peerId: string; readonly code: string }
  | { readonly type: 'problem'; readonly detail: string }
  | FeedRelay
  | FeedRequest
  | FeedSync
  | FeedRouter
  | FeedWords
  /** A record of the trail, of this process or of another one on the same store. */
  | { readonly type: 'audit'; readonly record: AuditRecord }
  /** The invitations in use first, then the newest; `more` were left out. */
  | { readonly type: 'tokens'; readonly tokens: readonly FeedToken[]; readonly more: number }
  /** No new sessions; those under way have `ms` to finish. */
  | { readonly type: 'draining'; readonly active: number; readonly ms: number }
  | {
      readonly type: 'stopped'
      readonly reason: string
      readonly cut: number
      readonly parked?: number
      /** Sessions of which it is not known what is on the disk. */
      readonly inDoubt?: readonly string[] | undefined
    }
  /** This reader was too slow, and so many events were not kept for it. What is true now follows. */
  | { readonly type: 'missed'; readonly count: number }

/** Facts for the listener's own process only: it listens; it has looked at its settings again. */
type LocalFact =
  | ({
      readonly type: 'listening'
      /** Its party was made by this start. */
      readonly newParty?: boolean
    } & Pick<ListenerStatus, 'pid' | 'peerId' | 'addresses' | 'startedAt' | 'http'>)
  | { readonly type: 'config'; readonly changes: readonly SettingChange[] }

/** Anything that a listener tells, and when: milliseconds since the epoch. */
export type ListenEvent = (FeedFact | LocalFact) & { readonly at: number }

/** One event of the feed. */
export type FeedEvent = FeedFact & {
  readonly v: typeof FEED_VERSION
  /** Grows by one for each event published. What is told to one reader only bears the number of the last event before. */
  readonly seq: number
  /** Milliseconds since the epoch. */
  readonly at: number
}
