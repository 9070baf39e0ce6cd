/** The session whose events they are. */
interface EventTaker<Event> {
  /** Takes one. @returns true if the next event has to wait until `goOn` */
  take(event: Event): boolean
  /** Hears of what `take` throws. */
  storeFailed(error: unknown): void
}

/** The events of one session, taken one after the other. While one of them waits for the store, the others wait for it. */
export class EventQueue<Event> {
  readonly #session: EventTaker<Event>
  #events: Event[] = []
  #isBusy = false
  #isOver = false

  constructor(session: EventTaker<Event>) {
    this.#session = session
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
        if (this.#session.take(event)) return
      } catch (error) {
        this.#session.storeFailed(error)
      }
    }
    this.#isBusy = false
  }
}
