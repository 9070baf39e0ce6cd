import type { FeedFact, FeedSession } from '../../src/service/feed/event-feed-event.ts'

const STEP_MS = 5_000
const SESSION_MS = 30_000
const WAY =
  'READING_REQUEST VALIDATING_TOKEN VALIDATING_IDENTITY PROVISIONING_DB SENDING_RESPONSE AWAITING_ACK COMPLETED'.split(
    ' ',
  )

/** Always so many sessions under way; each call moves the next of them, and one that ends makes room for another. */
export class ManySessions {
  readonly #sessions: FeedSession[]
  #begun = 0
  #at = 0

  constructor(count: number) {
    this.#sessions = Array.from({ length: count }, () => this.#begin())
  }

  snapshot(): readonly FeedFact[] {
    const ready = {
      type: 'ready',
      pid: process.pid,
      peerId: '12D3KooWGRYZ9ffbXqAliceAliceAliceAliceAliceAlice4hQz',
      addresses: ['/ip4/127.0.0.1/tcp/4710'],
      startedAt: Date.now(),
      maxSessions: this.#sessions.length,
      ratePerMinute: 10,
      totals: { completed: 0, looked: 0, asked: 0, failed: 0, timedOut: 0, refused: 0 },
    } as const
    return [ready, ...this.#sessions.map((each) => ({ type: 'session' as const, ...each }))]
  }

  next(): FeedFact {
    const at = this.#at++ % this.#sessions.length
    const session = this.#sessions[at] ?? this.#begin()
    const { state: from, stepUntil: _step, until, ...rest } = session
    const state = WAY[WAY.indexOf(from) + 1] ?? 'COMPLETED'
    const since = Date.now()
    const moved = { ...rest, from, to: state, state, ms: since - session.since, since }
    if (state === 'COMPLETED') {
      this.#sessions[at] = this.#begin()
      const durationMs = since - session.startedAt
      return { type: 'session', ...moved, endedAt: since, durationMs, tallyId: `t-${session.id}` }
    }
    const next = { ...moved, stepUntil: since + STEP_MS, ...(until && { until }) }
    this.#sessions[at] = next
    return { type: 'session', ...next }
  }

  #begin(): FeedSession {
    this.#begun += 1
    const now = Date.now()
    const id = (fill: string, length = 26) => this.#begun.toString(36).padStart(length, fill)
    return {
      id: id('a'),
      side: 'listener',
      state: WAY[this.#begun % (WAY.length - 1)] ?? 'READING_REQUEST',
      peerId: `12D3KooW${id('P', 44)}`,
      role: 'stock',
      tokenId: 'qa6velitqa6velitqa6velitqa',
      redemptionId: id('r'),
      remoteAddress: '/ip4/127.0.0.1/tcp/40000',
      startedAt: now,
      since: now,
      stepUntil: now + STEP_MS,
      until: now + SESSION_MS,
    }
  }
}
