/** Somebody works on this link already; nothing was written. */
export class AttemptBusyError extends Error {
  override readonly name = 'AttemptBusyError'
  readonly code = 'attempt_busy'

  constructor(linkHash: string) {
    super(`link ${linkHash} is being redeemed`)
  }
}
