/** One address of a peer did not give a connection; `cause` is what it said. */
export class DialAttemptError extends Error {
  override readonly name = 'DialAttemptError'
  readonly code = 'dial_attempt_failed'
  /** The multiaddr that was tried, with the pinned peer id. */
  readonly address: string
  /** No answer in the time given to this address. */
  readonly timedOut: boolean
  /** Somebody took the connection; what came then was not enough. */
  readonly isTaken: boolean
  /** Whoever took the connection ended it before it was a secured one. */
  readonly isCutOff: boolean

  constructor(address: string, options: ErrorOptions & DialAttemptFacts) {
    super(`no connection through ${address}`, options)
    this.address = address
    this.timedOut = options.timedOut
    this.isTaken = options.isTaken
    this.isCutOff = options.isCutOff
  }
}

type DialAttemptFacts = Pick<DialAttemptError, 'timedOut' | 'isTaken' | 'isCutOff'>
