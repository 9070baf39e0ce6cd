/** The events of one session, taken one after the other. While one of them waits for the store, the others wait for it. */
export class EventQueue<Event> {
  readonly #take: (event: Event) => boolean
  readonly #failed: (error: unknown) => void
  #events: Event[] = []
  #isBusy = false
  #isOver = false

  /**
   * @param take returns true if the next event has to wait until `goOn`
   * @param failed hears of what it throws
   */
  constructor(take: (event: Event) => boolean, failed: (error: unknown) => void) {
    this.#take = take
    this.#failed = failed
  }

  /** Nothing is taken any more. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Takes the event, now or when those before it are done. */
  dispatch(event: Event): void {
    this.add(event)
    this.#pump()
  }

  /** Adds an event that comes of the one that is being taken. */
  add(event: Event): void {
    if (!this.#isOver) this.#events.push(event)
  }

  /** Adds an event that goes before all others. */
  addFirst(event: Event): void {
    if (!this.#isOver) this.#events.unshift(event)
  }

  /** Makes all events wait until `goOn`. @returns false if they do already */
  hold(): boolean {
    if (this.#isOver || this.#isBusy) return false
    this.#isBusy = true
    return true
  }

  goOn(): void {
    this.#isBusy = false
    this.#pump()
  }

  end(): void {
    this.#isOver = true
    this.#events = []
  }

  #pump(): void {
    if (!this.hold()) return
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
      try {
        if (this.#take(event)) return
      } catch (error) {
        this.#failed(error)
      }
    }
    this.#isBusy = false
  }
}
