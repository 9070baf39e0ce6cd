/** One of several ways to the same thing. */
export interface RaceAttempt<Prize> {
  /** Rejects soon after the signal is aborted, and leaves nothing open then. */
  run(signal: AbortSignal): Promise<Prize>
  /** True while somebody has taken this attempt up and is at work on it. */
  isTaken(): boolean
  /** After so many ms it begins at the latest, whatever those before it do. @default when its turn is */
  readonly latestMs?: number
}

export interface RaceOptions<Prize> {
  /** After so many ms without a result the next attempt begins beside those under way. */
  readonly staggerMs: number
  /** The same while somebody has taken an attempt up: to be slow is not to be away. */
  readonly takenStaggerMs: number
  readonly signal: AbortSignal
  /** Gets rid of a prize that came too late. */
  discard(prize: Prize): void
  /** Hears of each attempt that failed while the race was on. */
  failed?(index: number, error: unknown): void
}

/** All attempts failed; `failures` are in their order. A race that was given up has fewer. */
export class RaceLostError extends Error {
  override readonly name = 'RaceLostError'
  readonly code = 'race_lost'
  readonly failures: ReadonlyMap<number, unknown>

  constructor(failures: ReadonlyMap<number, unknown>) {
    super('all attempts failed')
    this.failures = failures
  }
}

/**
 * Begins one attempt after the other, the next when the last one has failed or after a while beside it, and takes the
 * first that succeeds: RFC 8305, "Happy Eyeballs". The others are given up at once.
 * @throws RaceLostError if all failed, or the signal was aborted
 */
export async function raceAttempts<Prize>(
  attempts: readonly RaceAttempt<Prize>[],
  options: RaceOptions<Prize>,
): Promise<Prize> {
  return await new Race(attempts, options).run()
}

class Race<Prize> {
  readonly #attempts: readonly RaceAttempt<Prize>[]
  readonly #options: RaceOptions<Prize>
  readonly #givenUp = new AbortController()
  readonly #failures = new Map<number, unknown>()
  readonly #underWay = new Set<RaceAttempt<Prize>>()
  readonly #end = Promise.withResolvers<Prize>()
  /** The indexes of those that have not begun, in order. */
  readonly #toBegin: number[]
  readonly #latest: NodeJS.Timeout[] = []
  /** When the last attempt began, monotonic ms. */
  #lastBegan = 0
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor(attempts: readonly RaceAttempt<Prize>[], options: RaceOptions<Prize>) {
    this.#attempts = attempts
    this.#options = options
    this.#toBegin = attempts.map((_, index) => index)
  }

  async run(): Promise<Prize> {
    const { signal } = this.#options
    const lose = (): void => this.#lose()
    signal.addEventListener('abort', lose)
    try {
      if (signal.aborted || this.#attempts.length === 0) lose()
      else this.#beginFirst()
      return await this.#end.promise
    } finally {
      signal.removeEventListener('abort', lose)
      this.#over()
    }
  }

  #beginFirst(): void {
    for (const [index, { latestMs }] of this.#attempts.entries()) {
      if (latestMs === undefined) continue
      this.#latest.push(setTimeout(() => this.#beginAtLatest(index), latestMs))
    }
    this.#beginNext()
  }

  #beginAtLatest(index: number): void {
    // What has come in while this process was busy is heard first.
    setImmediate(() => {
      if (this.#toBegin.includes(index)) this.#begin(index)
    })
  }

  #beginNext(): void {
    const [index] = this.#toBegin
    if (index !== undefined) this.#begin(index)
  }

  #begin(index: number): void {
    clearTimeout(this.#timer)
    const attempt = this.#attempts[index]
    if (attempt === undefined || this.#isOver) return
    this.#toBegin.splice(this.#toBegin.indexOf(index), 1)
    this.#lastBegan = performance.now()
    this.#underWay.add(attempt)
    this.#lookAgainIn(this.#options.staggerMs)
    attempt.run(this.#givenUp.signal).then(
      (prize) => this.#won(prize),
      (error: unknown) => this.#failed(index, error),
    )
  }

  #lookAgainIn(ms: number): void {
    clearTimeout(this.#timer)
    if (this.#toBegin.length === 0) return
    // What has come in while this process was busy is heard first.
    this.#timer = setTimeout(() => setImmediate(() => this.#look()), ms)
  }

  /** Begins the next attempt, unless somebody is at work on one and has some time left. */
  #look(): void {
    const { takenStaggerMs } = this.#options
    const left = takenStaggerMs - (performance.now() - this.#lastBegan)
    const isTaken = [...this.#underWay].some((attempt) => attempt.isTaken())
    if (isTaken && left > 0) this.#lookAgainIn(left)
    else this.#beginNext()
  }

  #won(prize: Prize): void {
    if (this.#isOver) {
      this.#options.discard(prize)
      return
    }
    this.#over()
    this.#end.resolve(prize)
  }

  #failed(index: number, error: unknown): void {
    const attempt = this.#attempts[index]
    if (attempt !== undefined) this.#underWay.delete(attempt)
    if (this.#isOver) return
    this.#failures.set(index, error)
    this.#options.failed?.(index, error)
    if (this.#failures.size === this.#attempts.length) this.#lose()
    // Another one may be in the hands of somebody who takes his time.
    else if (this.#underWay.size === 0) this.#beginNext()
    else this.#look()
  }

  #lose(): void {
    this.#over()
    this.#end.reject(new RaceLostError(this.#failures))
  }

  #over(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    for (const timer of this.#latest) clearTimeout(timer)
    this.#givenUp.abort()
  }
}
