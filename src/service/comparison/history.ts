/** One side's account of one session, as far as the other side could know it. `null`: not known there. */
export interface ComparedSession {
  readonly id: string
  readonly side: 'listener' | 'dialer'
  readonly state: string
  readonly reason: string | null
  /** The other side. */
  readonly peerId: string
  readonly role: string | null
  readonly tokenId: string | null
  /** As the inviter called it. */
  readonly redemptionId: string | null
  readonly tallyId: string | null
  /** The tally's present status; `null` if there is none any more. */
  readonly tallyStatus: string | null
  /** The digest of the stream's messages. */
  readonly transcriptDigest: string | null
  /** The messages, in order; `null` if only the digest of them all is kept. */
  readonly messages: readonly ComparedMessage[] | null
}

/** One message, as one side sent it or heard it. */
export interface ComparedMessage {
  readonly from: string
  /** `null`: it was no message. */
  readonly type: string | null
  readonly bytes: number
  /** Of all that was said up to and with this one. */
  readonly digest: string
}

/** One side's sessions, in the order in which they began. */
export interface PartyHistory {
  readonly peerId: string
  readonly sessions: readonly ComparedSession[]
}
