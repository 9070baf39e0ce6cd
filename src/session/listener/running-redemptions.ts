/** The redemptions that are under way in this process. */
export interface RunningRedemptions {
  has(redemptionId: string): boolean
  add(redemptionId: string): void
  delete(redemptionId: string): void
}

/**
 * The redemption that one session works on. Not part of the session's state: it tells other sessions, from the
 * reservation on, before that is durable and the machine hears of it.
 */
export class OwnRedemption {
  readonly #running: RunningRedemptions
  #id: string | undefined

  constructor(running: RunningRedemptions) {
    this.#running = running
  }

  /** True if another session of this process works on that redemption. */
  isElsewhere(redemptionId: string): boolean {
    return redemptionId !== this.#id && this.#running.has(redemptionId)
  }

  begin(redemptionId: string): void {
    this.#id = redemptionId
    this.#running.add(redemptionId)
  }

  end(): void {
    if (this.#id !== undefined) this.#running.delete(this.#id)
    this.#id = undefined
  }
}
