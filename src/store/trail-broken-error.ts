/** The audit does not fit together where it was read: nothing is signed over it. */
export class TrailBrokenError extends Error {
  override readonly name = 'TrailBrokenError'
  readonly code = 'trail_broken'
  /** The first record that is not as it was written. */
  readonly seq: number

  constructor(seq: number) {
    super(`the audit trail is broken at record ${seq}: nothing is signed over it`)
    this.seq = seq
  }
}
