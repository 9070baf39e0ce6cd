export const STANDINGS = ['proven', 'open', 'forked', 'rolled_back'] as const

/** For `proven` and `open` see `judge`. The others contradict one of those, and are evidence. */
export type Standing = (typeof STANDINGS)[number]

/** One checkpoint that another party signed over its own audit. */
export interface WitnessedCheckpoint {
  readonly peerId: string
  /** Number of records in that party's audit. */
  readonly size: number
  readonly standing: Standing
  /** The RFC 6962 root, 32 bytes. */
  readonly root: Uint8Array
  /** The signed note; empty if the party said that it has none. */
  readonly note: string
  /** When the party first showed any, if this is the proven one; otherwise when this one was shown. Ms since the epoch. */
  readonly since: number
  /** When it was shown last, ms since the epoch, to within a minute. */
  readonly seenAt: number
  /** The session in which it was first shown. */
  readonly sessionId: string
  /** The checkpoint that this one contradicts, also if its own row was replaced since. */
  readonly against?: { readonly size: number; readonly note: string }
}
