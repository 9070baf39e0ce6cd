import type { AuditEntry } from '../audit-entry.ts'
import { Counts } from './counts.ts'
import { DurationHistogram } from './duration-histogram.ts'

/** Sessions under way that are remembered; more at once than any node may have. The oldest is given up. */
const MAX_UNDER_WAY = 10_000

/** How long those took that led to a tally or kept one, ms; to within 1 %, but for `maxMs`. */
export interface ReportDurations {
  readonly count: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly maxMs: number | null
}

export interface ReportSessions {
  readonly completed: number
  /** Those that ended with a request which waits for the inviter's word. */
  readonly asked: number
  readonly failed: number
  readonly timedOut: number
  /** Why they failed or timed out: `reason in STEP`, and how often. */
  readonly endings: Readonly<Record<string, number>>
  readonly durations: ReportDurations
}

const ASKED = 'ASKED'

/** Sessions by the records of their states; an audit that is minimal has none. */
export class SessionsTally {
  readonly #ends = new Counts()
  readonly #endings = new Counts()
  readonly #durations = new DurationHistogram()
  /** Milliseconds so far, of those whose beginning was seen. */
  readonly #underWay = new Map<string, number>()

  add({ type, sessionId, data }: AuditEntry): void {
    if (type !== 'state' || sessionId === undefined) return
    const [path, times] = [texts(data['path']), numbers(data['ms'])]
    const before = path[0] === 'CREATED' ? 0 : this.#underWay.get(sessionId)
    const ms = before === undefined ? undefined : times.reduce((sum, each) => sum + each, before)
    const end = path.at(-1)
    if (end === 'COMPLETED' || end === 'FAILED' || end === 'TIMEOUT') {
      this.#underWay.delete(sessionId)
      this.#ended(end, data, path.at(-2), ms)
    } else if (ms !== undefined) {
      this.#remember(sessionId, ms)
    }
  }

  report(): ReportSessions {
    const { count, maxMs } = this.#durations
    return {
      completed: this.#ends.get('COMPLETED'),
      asked: this.#ends.get(ASKED),
      failed: this.#ends.get('FAILED'),
      timedOut: this.#ends.get('TIMEOUT'),
      endings: this.#endings.toObject(),
      durations: {
        count,
        p50Ms: this.#durations.quantile(0.5) ?? null,
        p95Ms: this.#durations.quantile(0.95) ?? null,
        maxMs: count === 0 ? null : maxMs,
      },
    }
  }

  #ended(
    end: string,
    { reason, step }: AuditEntry['data'],
    last: string | undefined,
    ms: number | undefined,
  ): void {
    const hasAsked = end === 'FAILED' && reason === 'pending'
    this.#ends.add(hasAsked ? ASKED : end)
    if (hasAsked) return
    if (typeof reason === 'string') this.#endings.add(`${reason} in ${String(step)}`)
    // A peer that only looked, or only acknowledged, never came further than the first request.
    if (end === 'COMPLETED' && last !== 'READING_REQUEST' && ms !== undefined) {
      this.#durations.add(ms)
    }
  }

  #remember(sessionId: string, ms: number): void {
    this.#underWay.set(sessionId, ms)
    if (this.#underWay.size <= MAX_UNDER_WAY) return
    for (const oldest of this.#underWay.keys()) {
      this.#underWay.delete(oldest)
      return
    }
  }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}

function numbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'number') : []
}
