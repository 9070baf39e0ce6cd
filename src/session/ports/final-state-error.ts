/** Somebody tried to move a session that is over. A defect in the caller; nothing was written. */
export class FinalStateError extends Error {
  override readonly name = 'FinalStateError'
  readonly code = 'final_state'
  readonly sessionId: string

  constructor(sessionId: string) {
    super(`session ${sessionId} is over and can't change its state`)
    this.sessionId = sessionId
  }
}
