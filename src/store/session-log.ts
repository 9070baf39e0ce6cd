import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { FinalStateError } from '../session/ports/final-state-error.ts'
import type { JournalEntry, SessionSummary, Side } from '../session/ports/store.ts'
import { compact, integer, optionalInteger, optionalText, type Row, text } from './row.ts'

/** What to list. All given conditions must hold. */
export interface SessionFilter {
  readonly side?: Side
  readonly state?: string
  readonly peerId?: string
  readonly tokenId?: string
  /** Milliseconds since the epoch. */
  readonly since?: number
  readonly limit: number
}

/** The sessions table and the journal. */
export class SessionLog {
  readonly #save: StatementSync
  readonly #journal: StatementSync
  readonly #find: StatementSync
  readonly #list: StatementSync
  readonly #byPrefix: StatementSync
  readonly #open: StatementSync
  readonly #entries: StatementSync
  readonly #prune: StatementSync

  constructor(database: DatabaseSync) {
    // A final state is never left: the row is changed only while it is not final.
    this.#save = database.prepare(`
      INSERT INTO sessions (id, side, state, reason, step, detail, peer_id, role, token_id,
        redemption_id, tally_id, remote_address, started_at, ended_at, duration_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET state = excluded.state, reason = excluded.reason,
        step = excluded.step, detail = excluded.detail, role = excluded.role,
        token_id = excluded.token_id, redemption_id = excluded.redemption_id,
        tally_id = excluded.tally_id, remote_address = excluded.remote_address,
        ended_at = excluded.ended_at, duration_ms = excluded.duration_ms
      WHERE sessions.state NOT IN ('COMPLETED', 'FAILED', 'TIMEOUT')`)
    this.#journal = database.prepare(`
      INSERT INTO journal (session, seq, origin, target, event, at, ms)
      VALUES ((SELECT seq FROM sessions WHERE id = ?), ?, ?, ?, ?, ?, ?)`)
    this.#find = database.prepare('SELECT * FROM sessions WHERE id = ?')
    this.#byPrefix = database.prepare(
      'SELECT * FROM sessions WHERE substr(id, 1, length(?1)) = ?1 ORDER BY seq DESC LIMIT 10',
    )
    this.#list = database.prepare(`
      SELECT * FROM sessions
      WHERE (?1 IS NULL OR side = ?1) AND (?2 IS NULL OR state = ?2)
        AND (?3 IS NULL OR substr(peer_id, -length(?3)) = ?3 OR substr(peer_id, 1, length(?3)) = ?3)
        AND (?4 IS NULL OR substr(token_id, 1, length(?4)) = ?4) AND (?5 IS NULL OR started_at >= ?5)
      ORDER BY seq DESC LIMIT ?6`)
    this.#open = database.prepare(`
      SELECT * FROM sessions s WHERE s.ended_at IS NULL AND s.side = ?1
        AND (?1 = 'listener' OR NOT EXISTS (
          SELECT 1 FROM attempts a WHERE a.id = s.redemption_id AND a.lease_until > ?2))
      ORDER BY s.seq LIMIT ?3`)
    this.#entries = database.prepare(`
      SELECT * FROM journal WHERE session = (SELECT seq FROM sessions WHERE id = ?) ORDER BY seq`)
    // Walks what is left of the journal, not all sessions that ever were.
    this.#prune = database.prepare(`
      DELETE FROM journal WHERE session <= (SELECT max(seq) FROM sessions) - ?
        AND (SELECT ended_at FROM sessions s WHERE s.seq = journal.session) IS NOT NULL`)
  }

  save(summary: SessionSummary): void {
    const { changes } = this.#save.run(
      summary.id,
      summary.side,
      summary.state,
      summary.reason ?? null,
      summary.step ?? null,
      summary.detail ?? null,
      summary.peerId,
      summary.role ?? null,
      summary.tokenId ?? null,
      summary.redemptionId ?? null,
      summary.tallyId ?? null,
      summary.remoteAddress ?? null,
      summary.startedAt,
      summary.endedAt ?? null,
      summary.durationMs ?? null,
    )
    if (changes === 0) throw new FinalStateError(summary.id)
  }

  /** @throws StoreError if there is no such session: a defect */
  append(sessionId: string, entries: readonly JournalEntry[]): void {
    for (const { seq, from, to, event, at, ms } of entries) {
      this.#journal.run(sessionId, seq, from, to, event, at, ms)
    }
  }

  find(id: string): SessionSummary | undefined {
    const row = this.#find.get(id)
    return row === undefined ? undefined : toSummary(row)
  }

  /** Sessions whose id starts so, at most ten. */
  startingWith(prefix: string): readonly SessionSummary[] {
    return this.#byPrefix.all(prefix).map(toSummary)
  }

  /** Newest first. */
  list(filter: SessionFilter): readonly SessionSummary[] {
    return this.#list
      .all(
        filter.side ?? null,
        filter.state ?? null,
        filter.peerId ?? null,
        filter.tokenId ?? null,
        filter.since ?? null,
        filter.limit,
      )
      .map(toSummary)
  }

  /**
   * Sessions that are not over, oldest first. The one listener of a directory knows its own; a dialer's is only
   * given up when no process holds a lease on its attempt.
   */
  open(side: Side, now: number, limit: number): readonly SessionSummary[] {
    return this.#open.all(side, now, limit).map(toSummary)
  }

  entries(sessionId: string): readonly JournalEntry[] {
    return this.#entries.all(sessionId).map((row) => ({
      seq: integer(row, 'seq'),
      from: text(row, 'origin'),
      to: text(row, 'target'),
      event: text(row, 'event'),
      at: integer(row, 'at'),
      ms: integer(row, 'ms'),
    }))
  }

  /** Keep the journal of the newest `keep` sessions; of the older ones only the summary stays. */
  prune(keep: number): number {
    return Number(this.#prune.run(keep).changes)
  }
}

function toSummary(row: Row): SessionSummary {
  const side = text(row, 'side')
  const role = optionalText(row, 'role')
  return compact({
    id: text(row, 'id'),
    side: side === 'dialer' ? ('dialer' as const) : ('listener' as const),
    state: text(row, 'state'),
    reason: optionalText(row, 'reason'),
    step: optionalText(row, 'step'),
    detail: optionalText(row, 'detail'),
    peerId: text(row, 'peer_id'),
    role: role === 'stock' || role === 'foil' ? role : undefined,
    tokenId: optionalText(row, 'token_id'),
    redemptionId: optionalText(row, 'redemption_id'),
    tallyId: optionalText(row, 'tally_id'),
    remoteAddress: optionalText(row, 'remote_address'),
    startedAt: integer(row, 'started_at'),
    endedAt: optionalInteger(row, 'ended_at'),
    durationMs: optionalInteger(row, 'duration_ms'),
  })
}
