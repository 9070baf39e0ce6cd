/** A peer's part of a rate. */
export interface RateStanding {
  /** How often it may still, whole times. */
  readonly left: number
  readonly perMinute: number
  /** After how many ms it may once more; 0: now. */
  readonly retryAfterMs: number
}

/** The limits of one peer, and how much of them it has used up. Those of its address, and of all, are counted apart. */
export interface PeerLimits {
  readonly sessions: { readonly inUse: number; readonly max: number }
  readonly attempts: RateStanding
  readonly badSecrets: RateStanding
}
