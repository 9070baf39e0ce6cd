/** Counts what is under way in real time, so that a clock that is not real can stand still for it. */
export class RealWork {
  #underWay = 0
  #change: PromiseWithResolvers<void> | undefined

  /** Counts a promise until it is settled. */
  track<Value>(work: Promise<Value>): Promise<Value> {
    this.#underWay += 1
    const over = (): void => {
      this.#underWay -= 1
      this.#change?.resolve()
      this.#change = undefined
    }
    work.then(over, over)
    return work
  }

  /** Resolves when nothing is under way any more, and nothing has followed from it in the turn of the event loop after that. */
  readonly settled = async (): Promise<void> => {
    for (let quiet = 0; quiet < 2; quiet += 1) {
      if (this.#underWay > 0) {
        quiet = -1
        this.#change ??= Promise.withResolvers()
        await this.#change.promise
        continue
      }
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }
}
