import type { AuditEntry } from '../audit-entry.ts'

/** Something that does not happen when all is well. */
export interface ReportAnomaly {
  /** The event, e.g. `token.reuse`, `clock.jumped`, `removal failed`; `session crashed`. */
  readonly what: string
  readonly severity: AuditEntry['severity']
  readonly count: number
  /** The first and the last record of it in the period. */
  readonly first: RecordAt
  readonly last: RecordAt
}

export interface RecordAt {
  readonly seq: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Alarms, warnings that are about more than one session, and sessions whose process died. */
export class AnomaliesTally {
  readonly #found = new Map<string, ReportAnomaly>()

  add(entry: AuditEntry): void {
    const what = anomalyIn(entry)
    if (what === undefined) return
    const { severity, seq, at } = entry
    const before = this.#found.get(what)
    const last = { seq, at }
    this.#found.set(what, {
      what,
      severity,
      count: (before?.count ?? 0) + 1,
      first: before?.first ?? last,
      last,
    })
  }

  /** Alarms first, then what came most often. */
  report(): readonly ReportAnomaly[] {
    const rank = ({ severity }: ReportAnomaly) => (severity === 'alarm' ? 0 : 1)
    return [...this.#found.values()].sort((a, b) => rank(a) - rank(b) || b.count - a.count)
  }
}

function anomalyIn({ type, severity, data }: AuditEntry): string | undefined {
  if (type === 'state') return data['reason'] === 'crashed' ? 'session crashed' : undefined
  if (severity !== 'alarm' && severity !== 'warning') return undefined
  const { event } = data
  return typeof event === 'string' ? event : type
}
