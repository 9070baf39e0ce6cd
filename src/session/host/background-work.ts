/** Work that no session waits for, and stopping does. */
export class BackgroundWork {
  readonly #all = new Set<Promise<unknown>>()

  /** @param work never rejects, or somebody else handles it */
  track(work: Promise<unknown>): void {
    const done = work.finally(() => void this.#all.delete(done))
    this.#all.add(done)
  }

  /** Resolves when all that is under way now is over. */
  async over(): Promise<void> {
    await Promise.all(this.#all)
  }
}
