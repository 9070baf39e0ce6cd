/** The end of one exchange with a partner, or of a try to meet it. */
export interface SyncNews {
  readonly peerId: string
  /** The side that sought the other: this one, or the partner. */
  readonly by: 'here' | 'partner'
  /** `met`: it went to its end; `cut`: it began, and broke off; `missed`: the partner could not be met. */
  readonly result: 'met' | 'cut' | 'missed'
  /** Changes of the partner's that were taken. */
  readonly taken: number
  /** Changes of this side's that the partner is known to have now. */
  readonly given: number
  /** Tallies whose changes of the partner's were refused: they are not synced any further. */
  readonly stopped: readonly string[]
}

export type HearSync = (news: SyncNews) => void
