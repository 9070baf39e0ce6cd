/** Does things in the order in which they came, each as soon as what it waits for is there. */
export class InOrder {
  /** The last one that waits. */
  #last: Promise<void> | undefined

  /** @param until what it waits for, or that it failed; by default nothing: it is done at once, unless one before it waits */
  add(act: () => void, until?: Promise<unknown>): void {
    const before = this.#last
    if (before === undefined && until === undefined) {
      act()
      return
    }
    const turn = this.#inTurn(act, before, until).finally(() => {
      if (this.#last === turn) this.#last = undefined
    })
    this.#last = turn
  }

  async #inTurn(
    act: () => void,
    before: Promise<void> | undefined,
    until: Promise<unknown> | undefined,
  ): Promise<void> {
    await Promise.allSettled([before, until])
    try {
      act()
    } catch {
      // Whoever is told and throws hurts nobody else who is told.
    }
  }
}
