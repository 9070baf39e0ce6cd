/** The time a session spends in one state. What was begun in it belongs to it, and is aborted with it. */
export class StepScope {
  #over = false
  #controller: AbortController | undefined

  /** True once the session has moved on: results that come now are late. */
  get over(): boolean {
    return this.#over
  }

  /** Aborted when the step ends. Made only when somebody asks. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#over) this.#controller.abort(STEP_OVER)
    return this.#controller.signal
  }

  end(): void {
    this.#over = true
    this.#controller?.abort(STEP_OVER)
  }
}

/** The step that wanted this is over. */
class StepOverError extends Error {
  override readonly name = 'StepOverError'
  readonly code = 'step_over'

  constructor() {
    super('the step is over')
  }
}

/** One for all: every step ends, and where it ended is no news worth a stack trace each time. */
const STEP_OVER = new StepOverError()
