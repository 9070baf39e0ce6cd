import type { FeedFact, FeedSession } from '../src/service/feed/event-feed-event.ts'

const STEP_MS = 5_000
const SESSION_MS = 30_000
const WAY: readonly string[] = [
  'READING_REQUEST',
  'VALIDATING_TOKEN',
  'VALIDATING_IDENTITY',
  'PROVISIONING_DB',
  'SENDING_RESPONSE',
  'AWAITING_ACK',
  'COMPLETED',
]

/** Always so many sessions under way; each call moves the next of them, and one that ends makes room for another. */
export class ManySessions {
  readonly #sessions: FeedSession[]
  #begun = 0
  #at = 0

  constructor(count: number) {
    this.#sessions = Array.from({ length: count }, () => this.#begin())
  }

  snapshot(): readonly FeedFact[] {
    const totals = { completed: 0, looked: 0, failed: 0, timedOut: 0, refused: 0 }
    const most = this.#sessions.length
    return [
      {
        type: 'ready',
        pid: process.pid,
        peerId: '12D3KooWGRYZ9ffbXqAliceAliceAliceAliceAliceAlice4hQz',
        addresses: ['/ip4/127.0.0.1/tcp/4710'],
        startedAt: Date.now(),
        maxSessions: most,
        ratePerMinute: 10,
        totals,
      },
      ...this.#sessions.map((session) => ({ type: 'session' as const, ...session })),
    ]
  }

  next(): FeedFact {
    const at = this.#at
    this.#at = (at + 1) % this.#sessions.length
    const session = this.#sessions[at] ?? this.#begin()
    const from = session.state
    const step = WAY.indexOf(from)
    const state = WAY[step + 1] ?? 'COMPLETED'
    const since = Date.now()
    const moved = { ...session, from, to: state, state, ms: since - session.since, since }
    if (state !== 'COMPLETED') {
      this.#sessions[at] = { ...moved, stepUntil: since + STEP_MS }
      return { type: 'session', ...moved, stepUntil: since + STEP_MS }
    }
    this.#sessions[at] = this.#begin()
    const { stepUntil: _step, until: _until, ...over } = moved
    const durationMs = since - session.startedAt
    return { type: 'session', ...over, endedAt: since, durationMs, tallyId: `tally-${session.id}` }
  }

  #begin(): FeedSession {
    this.#begun += 1
    const now = Date.now()
    return {
      id: this.#begun.toString(36).padStart(26, 'a'),
      side: 'listener',
      state: WAY[this.#begun % (WAY.length - 1)] ?? 'READING_REQUEST',
      peerId: `12D3KooW${this.#begun.toString(36).padStart(44, 'P')}`,
      role: 'stock',
      tokenId: 'qa6velitqa6velitqa6velitqa',
      redemptionId: this.#begun.toString(36).padStart(26, 'r'),
      remoteAddress: '/ip4/127.0.0.1/tcp/40000',
      startedAt: now,
      since: now,
      stepUntil: now + STEP_MS,
      until: now + SESSION_MS,
    }
  }
}
