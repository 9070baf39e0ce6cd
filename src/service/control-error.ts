/** A listener holds the control socket and does not answer as it should: it hangs, is of another version, or failed. */
export class ControlError extends Error {
  override readonly name: string = 'ControlError'
  readonly code: 'control_failed' | 'control_busy' = 'control_failed'

  constructor(problem: string) {
    super(`the running listener ${problem}`)
  }
}
