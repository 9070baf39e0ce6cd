import type { Role } from '../../protocol/base/role.ts'

export type Side = 'listener' | 'dialer'

/** The time that a session spent in a state, milliseconds on the monotonic clock. */
export interface StepTime {
  readonly state: string
  readonly ms: number
}

/** The size and the digest of the messages on one stream, without the last word; see docs/protocol.md. */
export interface Exchange {
  readonly framesIn: number
  readonly framesOut: number
  /** Of payloads. */
  readonly bytesIn: number
  readonly bytesOut: number
  /** Of the transcript, 64 hex digits; the same on both sides. */
  readonly digest: string
}

/** A session in the store, as `taleus sessions` shows it. Times are milliseconds since the epoch. */
export interface SessionSummary {
  readonly id: string
  readonly side: Side
  readonly state: string
  readonly reason?: string
  readonly step?: string
  readonly detail?: string
  readonly peerId: string
  readonly role?: Role
  readonly tokenId?: string
  /** listener: the redemption; dialer: the attempt. */
  readonly redemptionId?: string
  readonly tallyId?: string
  /** listener: the fence under which it holds, or held, its use. */
  readonly fence?: number
  /** The number of earlier sessions of this redemption or attempt; left out if there are none. */
  readonly retries?: number
  readonly remoteAddress?: string
  /** The older protocol that the peer spoke, whose guarantees are weaker; left out for ours. */
  readonly protocol?: '1.0.0'
  readonly startedAt: number
  readonly endedAt?: number
  readonly durationMs?: number
  /** In order; known when it is over. They sum up to `durationMs`, unless its process died. */
  readonly steps?: readonly StepTime[]
  /** Known when it is over, if any message was sent and its process did not die. */
  readonly exchange?: Exchange
}

/** One entry of a session's journal: an event and the states before and after it. */
export interface JournalEntry {
  /** From 1, without gaps, per session. */
  readonly seq: number
  readonly from: string
  readonly to: string
  /** The event, as JSON. Replaying all events gives the state. */
  readonly event: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Milliseconds, monotonic, spent in `from`. */
  readonly ms: number
}

/** A session that is not over in the store, with its journal. */
export interface OpenSession {
  readonly summary: SessionSummary
  readonly entries: readonly JournalEntry[]
}
