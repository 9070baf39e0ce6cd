/** A part of a peer's limits that it has used up: its attempts; wrong secrets, by peer and by address (`bad_secrets_at`). */
export interface UsedUp {
  readonly of: 'attempts' | 'bad_secrets' | 'bad_secrets_at'
  readonly key: string
  readonly amount: number
}

/** Where nodes of one party tell each other what their peers have used up. */
export interface SharedLimits {
  /** This node's peers have used this up. */
  used(all: readonly UsedUp[]): void
  /** Peers of other nodes have. One hears. */
  onUsedElsewhere(hear: (all: readonly UsedUp[]) => void): void
}
