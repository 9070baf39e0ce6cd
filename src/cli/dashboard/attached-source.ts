import { setTimeout as sleep } from 'node:timers/promises'
import type { DashboardSource } from '../../dashboard/source.ts'
import type { Following } from '../../service/control/follow-listener.ts'
import { ControlBusyError } from '../../service/errors.ts'
import type { FeedEvent } from '../../service/feed/event-feed-event.ts'
import type { StoredDetails } from '../../service/sessions/session-details.ts'

/** Time between two looks whether a listener has come back, ms. */
const RETRY_MS = 500
/** Events that wait to be drawn; with more, the listener's own bounded feed waits, and tells what is missed. */
const MAX_WAITING = 8_192

const GONE = 'the listener is gone; waiting for it to come back'
const FULL = 'the listener has no place left for a view; waiting for one'

export interface AttachedInit {
  /** The running listener's feed; undefined if none is running. */
  follow(): Promise<Following | undefined>
  details(sessionId: string): Promise<StoredDetails>
}

/** The events of a listener in another process, and of the one that is started there after it. */
export class AttachedSource implements DashboardSource {
  readonly #init: AttachedInit
  readonly #stopping = new AbortController()
  #waiting: FeedEvent[] = []
  #following: Following | undefined
  #taken: (() => void) | undefined
  #note: string | undefined

  constructor(init: AttachedInit) {
    this.#init = init
  }

  /** Attaches, and again whenever the listener is gone and back. Resolves when it is attached for the first time. */
  async start(): Promise<boolean> {
    this.#following = await this.#init.follow()
    if (this.#following === undefined) return false
    void this.#stay(this.#following)
    return true
  }

  stop(): void {
    this.#stopping.abort()
    this.#following?.close()
    this.#taken?.()
  }

  take(): readonly FeedEvent[] {
    const events = this.#waiting
    this.#waiting = []
    this.#taken?.()
    return events
  }

  now(): number {
    return Date.now()
  }

  note(): string | undefined {
    return this.#note
  }

  async details(sessionId: string): Promise<StoredDetails> {
    return await this.#init.details(sessionId)
  }

  async #stay(first: Following): Promise<void> {
    let following: Following | undefined = first
    while (!this.#stopping.signal.aborted) {
      if (following !== undefined) await this.#read(following)
      this.#note ??= GONE
      await sleep(RETRY_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
      following = this.#stopping.signal.aborted ? undefined : await this.#again()
    }
  }

  /** A listener that is just starting, or stopping, may break off: it is asked again. */
  async #again(): Promise<Following | undefined> {
    this.#following = undefined
    try {
      this.#following = await this.#init.follow()
      this.#note = this.#following === undefined ? GONE : undefined
    } catch (error) {
      this.#note = error instanceof ControlBusyError ? FULL : GONE
    }
    return this.#following
  }

  async #read(following: Following): Promise<void> {
    try {
      for await (const event of following) {
        this.#waiting.push(event)
        if (this.#waiting.length >= MAX_WAITING) await this.#untilTaken()
        if (this.#stopping.signal.aborted) return
      }
    } catch {
      // Gone, like any other end.
    }
  }

  #untilTaken(): Promise<void> {
    return new Promise((resolve) => {
      this.#taken = () => {
        this.#taken = undefined
        resolve()
      }
    })
  }
}
