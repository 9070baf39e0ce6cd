import { compact } from '../../protocol/base/compact.ts'
import { FinalStateError } from '../../session/errors.ts'
import type { JournalEntry, SessionSummary } from '../../session/ports/session-summary.ts'
import { LOOK_AGAIN, PRUNE_BATCH } from '../../session/ports/upkeep-write.ts'
import type { Tables } from '../work/tables.ts'
import { holderOf, isLeaseOn } from './memory-attempts.ts'
import { by } from './order.ts'
import { isUnsettled, type Rows } from './rows.ts'

/** A final state is never left. */
const FINAL: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'TIMEOUT'])

/** The sessions and their journals. */
export function memorySessions(rows: Rows): Tables['sessions'] {
  const { journals, sessions } = rows
  const entries = (sessionId: string) => journals.get(sessionId)?.entries ?? []
  const last = (sessionId: string) => entries(sessionId).at(-1)?.seq
  /** Adds entries, each of which must follow on the one before it. False if one does not. */
  const append = (sessionId: string, added: readonly JournalEntry[]): boolean =>
    added.every((entry) => {
      if (entry.seq !== (last(sessionId) ?? 0) + 1) return false
      journals.put({ sessionId, entries: [...entries(sessionId), entry] })
      return true
    })
  const update = (summary: SessionSummary, added: readonly JournalEntry[]): boolean => {
    const { id } = summary
    const changed = sessions.update(
      id,
      (row) => !FINAL.has(row.summary.state),
      (row) => ({ summary: later(row.summary, summary) }),
    )
    if (changed === undefined) throw new FinalStateError(id)
    return append(id, added)
  }
  return {
    save: (summary, added = []) => {
      if (sessions.get(summary.id) !== undefined) return update(summary, added)
      sessions.put({ seq: rows.sessionSeq.next(), summary: later(summary, summary) })
      return append(summary.id, added)
    },
    update,
    // Adds nothing to a journal that was pruned.
    appendLate: (sessionId, added) => {
      if (last(sessionId) === undefined) return
      for (const entry of added) append(sessionId, [entry])
    },
    entries,
    unfinished: (ids) =>
      ids.flatMap((id) => {
        const summary = sessions.get(id)?.summary
        return summary === undefined || summary.endedAt !== undefined ? [] : [summary]
      }),
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

/** Forgets old sessions, in each run as many as `SessionPruner` does. */
export function memoryPruner(rows: Rows): Tables['pruner'] {
  const { attempts, journals, pruned, redemptions, removals, sessions } = rows
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
  const look = (after: number, until: number, limit: number) => {
    const stretch = sessions
      .all()
      .filter(({ seq }) => seq > after && seq <= until)
      .toSorted(by(({ seq }) => seq))
      .slice(0, limit)
    for (const { summary } of stretch) {
      if (summary.endedAt === undefined) continue
      journals.delete(summary.id)
      if (!isNeeded(summary)) sessions.delete(summary.id)
    }
    return { last: stretch.at(-1)?.seq ?? after, isMore: stretch.length === limit }
  }
  return {
    prune: (keep) => {
      const { looked, lookedAgain } = pruned.value
      const until = rows.lastToPrune(keep)
      const again = look(lookedAgain, Math.min(looked, until), LOOK_AGAIN)
      const { last, isMore } = look(looked, until, PRUNE_BATCH)
      pruned.set({ looked: last, lookedAgain: again.isMore ? again.last : 0 })
      return isMore
    },
  }
}
