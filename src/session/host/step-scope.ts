/** The time that a session spends in one state. Work begun in it is aborted at its end. */
export class StepScope {
  #over = false
  #controller: AbortController | undefined
  #onDeadline: Set<() => void> | undefined
  #onEnd: (() => void) | undefined

  /** True once the session has moved on: results are late from then on. */
  get over(): boolean {
    return this.#over
  }

  /** Aborted when the step ends. Made only when somebody asks. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#over) this.#controller.abort(STEP_OVER)
    return this.#controller.signal
  }

  /**
   * Calls back if the step ends because its time, or that of its session, is over.
   * @returns takes the wish back
   */
  onDeadline(tell: () => void): () => void {
    this.#onDeadline ??= new Set()
    this.#onDeadline.add(tell)
    return () => void this.#onDeadline?.delete(tell)
  }

  /** Calls back when the step ends, or at once if it has. For one only: cheaper than to listen to the signal. */
  onEnd(tell: () => void): void {
    if (this.#over) tell()
    else this.#onEnd = tell
  }

  /** @param isLate true if a deadline has ended it */
  end(isLate = false): void {
    this.#over = true
    this.#controller?.abort(STEP_OVER)
    this.#onEnd?.()
    this.#onEnd = undefined
    if (isLate) for (const tell of this.#onDeadline ?? []) tell()
    this.#onDeadline = undefined
  }
}

/** The step for which this was done is over. */
class StepOverError extends Error {
  override readonly name = 'StepOverError'
  readonly code = 'step_over'

  constructor() {
    super('the step is over')
  }
}

/** One for all steps: every step ends, and a stack trace each time would tell nothing. */
const STEP_OVER = new StepOverError()
