/** How often the machine is asked whether it is on time, ms. */
const EVERY_MS = 20

/** Measures how late timers fire in this process, so that a busy machine is not taken for a late session. */
export class Lateness {
  readonly #seen: { readonly at: number; readonly late: number }[] = []
  readonly #timer: NodeJS.Timeout

  constructor() {
    let due = performance.now() + EVERY_MS
    this.#timer = setInterval(() => {
      const at = performance.now()
      this.#seen.push({ at, late: Math.max(0, at - due) })
      due = at + EVERY_MS
    }, EVERY_MS)
  }

  /** All of it since then, ms: a machine that is a little late all the time is late in the end. */
  since(at: number): number {
    return this.#seen.reduce((sum, each) => (each.at >= at ? sum + each.late : sum), 0)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
