import { compact } from '../../protocol/base/compact.ts'
import { FinalStateError } from '../../session/errors.ts'
import type { JournalEntry, SessionSummary } from '../../session/ports/session-summary.ts'
import { StoreError } from '../errors.ts'
import type { Tables } from '../work/tables.ts'
import { holderOf, isLeaseOn } from './memory-attempts.ts'
import { by } from './order.ts'
import { isUnsettled, type Rows } from './rows.ts'

/** A final state is never left. */
const FINAL: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'TIMEOUT'])

/** The sessions and their journals. */
export function memorySessions(rows: Rows): Tables['sessions'] {
  const { journals, sessions } = rows
  const update = (summary: SessionSummary) => {
    const changed = sessions.update(
      summary.id,
      (row) => !FINAL.has(row.summary.state),
      (row) => ({ summary: later(row.summary, summary) }),
    )
    if (changed === undefined) throw new FinalStateError(summary.id)
  }
  const entries = (sessionId: string) => journals.get(sessionId)?.entries ?? []
  return {
    save: (summary) => {
      if (sessions.get(summary.id) !== undefined) return update(summary)
      sessions.put({ seq: rows.sessionSeq.next(), summary: later(summary, summary) })
    },
    update,
    append: (sessionId, added) => added.every((entry) => append(rows, sessionId, entry)),
    // Adds nothing to a journal that was pruned.
    appendLate: (sessionId, added) => {
      for (const entry of added) {
        if (entries(sessionId).some(({ seq }) => seq === entry.seq - 1)) {
          append(rows, sessionId, entry)
        }
      }
    },
    entries,
    open: (side, now, limit, gone = []) =>
      sessions
        .all()
        .toSorted(by(({ seq }) => seq))
        .map(({ summary }) => summary)
        .filter((each) => each.side === side && each.endedAt === undefined)
        .filter((each) => side === 'listener' || !isHeld(rows, each, now, gone))
        .slice(0, limit),
  }
}

/** The one listener of a directory knows its own sessions; of a dialer's, a process may hold the attempt. */
function isHeld(
  { attempts }: Rows,
  { redemptionId = '' }: SessionSummary,
  now: number,
  gone: readonly string[],
): boolean {
  const attempt = attempts.get(redemptionId)?.attempt
  if (attempt?.lease === undefined || !isLeaseOn(attempt, now)) return false
  return !gone.includes(holderOf(attempt.lease.owner))
}

/** Returns what is known of a session by now; what was known at its beginning stays. */
function later({ side, peerId, startedAt }: SessionSummary, now: SessionSummary): SessionSummary {
  return compact({ ...now, side, peerId, startedAt, retries: now.retries || undefined })
}

/**
 * @returns false if the journal has that entry
 * @throws StoreError if there is no such session: a defect
 */
function append({ journals, sessions }: Rows, sessionId: string, entry: JournalEntry): boolean {
  const { entries = [] } = journals.get(sessionId) ?? {}
  if (entries.some(({ seq }) => seq === entry.seq)) return false
  if (sessions.get(sessionId) === undefined) {
    throw new StoreError('in memory', `can't take entry ${entry.seq} of session ${sessionId}`)
  }
  const sorted = [...entries, entry].toSorted(by(({ seq }) => seq))
  journals.put({ sessionId, entries: sorted })
  return true
}

/** Forgets old sessions, all that it may at once. */
export function memoryPruner(rows: Rows): Tables['pruner'] {
  const { attempts, journals, redemptions, removals, sessions, sessionSeq } = rows
  // Of each unfinished thing the newest session stays, so that its reason can be found.
  const isNeeded = ({ id, redemptionId = '', retries = 0 }: SessionSummary) => {
    const redemption = redemptions.get(redemptionId)
    const attempt = attempts.get(redemptionId)?.attempt
    return (
      (redemption !== undefined &&
        redemption.sessions === retries + 1 &&
        isUnsettled(redemption)) ||
      (attempt !== undefined &&
        attempt.sessions === retries + 1 &&
        (attempt.status === 'running' || attempt.status === 'held')) ||
      removals.all().some(({ removal }) => removal.sessionId === id)
    )
  }
  return {
    prune: (keep) => {
      const until = sessionSeq.last - keep
      for (const { seq, summary } of sessions.all()) {
        if (seq > until || summary.endedAt === undefined) continue
        journals.delete(summary.id)
        if (!isNeeded(summary)) sessions.delete(summary.id)
      }
      return false
    },
  }
}
