import { type CommitSync, LogSync } from '../../../src/store/commit/commit-sync.ts'

/** A disk that does not answer while the test wants it so, and then does all that it was asked for. */
export class StandingDisk implements CommitSync {
  readonly #log: LogSync
  #isStanding = false
  #held: (() => void) | undefined

  /** @param path the store's file */
  constructor(path: string) {
    this.#log = new LogSync(path)
  }

  /** From now on it does not answer. */
  stand(): void {
    this.#isStanding = true
  }

  /** It answers again. */
  answer(): void {
    this.#isStanding = false
    this.#held?.()
    this.#held = undefined
  }

  begin(done: (problem?: unknown) => void): void {
    const sync = (): void => this.#log.begin(done)
    if (this.#isStanding) this.#held = sync
    else sync()
  }

  now(): void {
    if (this.#isStanding)
      throw new Error('the whole process would wait for a disk that does not answer')
    this.#log.now()
  }

  close(): void {
    this.#log.close()
  }
}
