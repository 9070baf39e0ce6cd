/** The writer and the time: the members that the audit records of a write have in common. */
export interface WriteFacts {
  readonly sessionId: string
  readonly peerId: string
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number
  /** Monotonic clock, milliseconds. */
  readonly monotonic: number
}
