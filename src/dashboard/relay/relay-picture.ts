/** A relay as its view shows it. All texts are harmless. Times are milliseconds since the epoch. */
export interface RelayPicture {
  readonly now: number
  readonly startedAt: number
  readonly peerId: string
  readonly addresses: readonly string[]
  /** Those who may reserve, in words. */
  readonly access: string
  readonly reservations: RelayShare
  readonly circuits: RelayShare
  /** Since the start. */
  readonly reserved: number
  readonly joined: number
  readonly refused: number
  /** Bytes that went through, and of memory, in words. */
  readonly bytes: string
  readonly memory: string
  /** Until what is left is cut, ms; absent while it does not drain. */
  readonly drainMs?: number | undefined
  /** The busiest first. */
  readonly places: readonly RelayPlaceShown[]
  /** The newest last. */
  readonly news: readonly string[]
}

export interface RelayShare {
  readonly inUse: number
  readonly capacity: number
}

export interface RelayPlaceShown {
  readonly peer: string
  readonly address: string
  readonly since: number
  readonly circuits: number
}
