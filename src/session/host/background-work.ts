/** Work that no session waits for, but stopping does. */
export class BackgroundWork {
  readonly #all = new Set<Promise<unknown>>()

  /** Adds work. @param work never rejects, or somebody else handles it */
  track(work: Promise<unknown>): void {
    const done = work.finally(() => void this.#all.delete(done))
    this.#all.add(done)
  }

  /** Resolves when all the work that is under way now is over. */
  async over(): Promise<void> {
    await Promise.all(this.#all)
  }
}
