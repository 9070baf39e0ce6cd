import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { LOOK_AGAIN, PRUNE_BATCH } from '../../session/ports/upkeep-write.ts'
import { integer, optionalInteger } from '../row/row.ts'
import type { SessionLog } from './session-log.ts'

/** Finds the last of at most so many sessions in a range. */
export const STRETCH = `
  SELECT max(seq) AS last, count(*) AS sessions FROM (
    SELECT seq FROM sessions WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?)`

const OVER = 'seq > ?1 AND seq <= ?2 AND ended_at IS NOT NULL'

export const FORGET_JOURNALS = `
  DELETE FROM journal WHERE session > ?1 AND session <= ?2
    AND session IN (SELECT seq FROM sessions WHERE ${OVER})`

// Of each unfinished thing the newest session stays, so that its reason can be found.
export const FORGET_SESSIONS = `
  DELETE FROM sessions WHERE ${OVER}
    AND NOT EXISTS (
      SELECT 1 FROM redemptions r WHERE r.id = redemption_id AND r.sessions = retries + 1
        AND (r.reserved_until IS NOT NULL OR (r.delivery = 'offered' AND r.withdrawn_at IS NULL)))
    AND NOT EXISTS (
      SELECT 1 FROM attempts a WHERE a.id = redemption_id AND a.sessions = retries + 1
        AND a.status IN ('running', 'held'))
    AND id NOT IN (SELECT session_id FROM removals)`

/** The progress of the runs since the store was opened. */
interface Place {
  /** The last session that was looked at. */
  readonly looked: number
  /** The last session that was looked at again. */
  readonly lookedAgain: number
}

const START: Place = { looked: 0, lookedAgain: 0 }

/**
 * Deletes old sessions and their journals, except for the newest sessions; of those that something unfinished refers to it
 * deletes only the journals. The cost of a run depends on how much it removes, not on how much is kept.
 */
export class SessionPruner {
  readonly #journal: Pick<SessionLog, 'write'>
  readonly #newest: StatementSync
  readonly #stretch: StatementSync
  readonly #journals: StatementSync
  readonly #sessions: StatementSync
  #place = START
  /** The place as it was when the open transaction began. */
  #before = START

  /** @param journal pending entries, of sessions that may be deleted */
  constructor(database: DatabaseSync, journal: Pick<SessionLog, 'write'>) {
    this.#journal = journal
    this.#newest = database.prepare('SELECT coalesce(max(seq), 0) AS newest FROM sessions')
    this.#stretch = database.prepare(STRETCH)
    this.#journals = database.prepare(FORGET_JOURNALS)
    this.#sessions = database.prepare(FORGET_SESSIONS)
  }

  /**
   * Makes one run.
   * @param keep number of sessions that are not looked at, the newest
   * @returns true if there is more to look at
   */
  prune(keep: number): boolean {
    this.#journal.write()
    const { looked, lookedAgain } = this.#place
    const until = integer(this.#newest.get() ?? {}, 'newest') - keep
    const again = this.#look(lookedAgain, Math.min(looked, until), LOOK_AGAIN)
    const { last, isMore } = this.#look(looked, until, PRUNE_BATCH)
    this.#place = { looked: last, lookedAgain: again.isMore ? again.last : 0 }
    return isMore
  }

  begun(): void {
    this.#before = this.#place
  }

  workUndone(): void {
    this.undone()
  }

  /** Goes back to where the open transaction began: what was deleted since may be there again. */
  undone(): void {
    this.#place = this.#before
  }

  /** Deletes what it may of the first `limit` sessions in a range. */
  #look(after: number, until: number, limit: number) {
    const row = this.#stretch.get(after, until, limit) ?? {}
    const last = optionalInteger(row, 'last') ?? after
    if (last > after) this.#forget(after, last)
    return { last, isMore: integer(row, 'sessions') === limit }
  }

  #forget(after: number, last: number): void {
    this.#journals.run(after, last)
    this.#sessions.run(after, last)
  }
}
