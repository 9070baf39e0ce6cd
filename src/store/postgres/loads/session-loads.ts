import { LOOK_AGAIN, PRUNE_BATCH } from '../../../session/ports/upkeep-write.ts'
import { integer, optionalInteger, optionalText, type Row, text } from '../../row/row.ts'
import { STORED_SESSIONS, toJournalRow } from '../rows/session-rows.ts'
import { IDS, type Load, type Loading, UNNUMBERED } from './load.ts'
import type { LoadName } from './load-name.ts'
import type { Needs } from './needs.ts'

const LAST = '(SELECT max(j.seq) FROM journal j WHERE j.session = t.seq) AS last_entry'

/**
 * Nobody works on a listener's session any more: its node was taken since, by its own next process or another node. Who has no lease
 * on its node is alone there.
 */
const LEFT = `(s.epoch < (SELECT n.epoch FROM nodes n WHERE n.node = s.node)
  OR (s.node = own_node() AND own_epoch() = 0))`

/** Of a journal only the number of the last entry is known here: what is added follows on it. */
function load({ rows }: Loading, found: readonly Row[]): void {
  rows.sessions.load(found.map(STORED_SESSIONS.toRow))
  for (const row of found) {
    const seq = optionalInteger(row, 'last_entry')
    if (seq === undefined) continue
    const entries = [{ seq, from: '', to: '', event: '', at: 0, ms: 0 }]
    rows.journals.load([{ sessionId: text(row, 'id'), entries }])
  }
}

/** Their journals are loaded whole: the question is alone in its batch. */
function loadOpen({ rows }: Loading, found: readonly Row[]): void {
  rows.sessions.load(found.map(STORED_SESSIONS.toRow))
}

function needOpen(found: readonly Row[], needs: Needs): void {
  needs.addIds(
    'journals',
    found.map((row) => text(row, 'id')),
  )
  needs.addIds(
    'attempts',
    found.map((row) => optionalText(row, 'redemption_id')),
  )
}

export const SESSION_LOADS = {
  sessions: {
    list: IDS,
    sql: (v, lock) => `
      SELECT t.*, ${LAST} FROM sessions t WHERE t.id IN (SELECT v.id FROM ${v})
      ORDER BY t.id ${lock}`,
    into: load,
  },
  /** The newest session that is not among those that are kept. */
  pruneBound: {
    list: 'keep bigint, looked bigint, again bigint',
    sql: (v) => `
      SELECT v.looked, v.again, coalesce((
        SELECT s.seq FROM sessions s ORDER BY s.seq DESC OFFSET v.keep LIMIT 1), 0) AS until
      FROM ${v}`,
    into: ({ rows }, found) => {
      for (const row of found) {
        const until = integer(row, 'until')
        // New ones are the newest, and have no numbers there yet.
        rows.lastToPrune = (keep) => {
          const { last } = rows.sessionSeq
          return last - UNNUMBERED > keep ? last - keep : until
        }
      }
    },
    more: (found, needs) => {
      for (const row of found) {
        const [looked, again] = [integer(row, 'looked'), integer(row, 'again')]
        const until = integer(row, 'until')
        needs.add('stretches', { after: looked, until, most: PRUNE_BATCH })
        const first = { after: again, until: Math.min(looked, until), most: LOOK_AGAIN }
        needs.add('stretches', first)
      }
    },
  },
  stretches: {
    list: 'after bigint, until bigint, most bigint',
    sql: (v) => `
      SELECT t.*, ${LAST} FROM ${v} CROSS JOIN LATERAL (
        SELECT s.* FROM sessions s WHERE s.seq > v.after AND s.seq <= v.until
        ORDER BY s.seq LIMIT v.most) t`,
    into: load,
    more: (found, needs) => {
      const about = found.map((row) => optionalText(row, 'redemption_id'))
      needs.addIds('redemptions', about)
      needs.addIds('attempts', about)
      needs.addIds(
        'removalsOfSessions',
        found.map((row) => text(row, 'id')),
      )
    },
  },
  openSessions: {
    list: 'side text, now bigint, most bigint, gone text',
    sql: (v) => `
      SELECT t.* FROM ${v} CROSS JOIN LATERAL (
        SELECT s.* FROM sessions s WHERE s.ended_at IS NULL AND s.side = v.side
          AND CASE v.side WHEN 'listener' THEN ${LEFT} ELSE 0 = (
            SELECT count(*) FROM attempts a WHERE a.id = s.redemption_id AND a.lease_until > v.now
              AND substr(a.owner, 1, strpos(a.owner, '/') - 1) NOT IN (
                SELECT json_array_elements_text(v.gone::json))) END
        ORDER BY s.seq LIMIT v.most) t`,
    into: loadOpen,
    more: needOpen,
  },
  unfinishedSessions: {
    list: IDS,
    sql: (v) => `
      SELECT t.* FROM sessions t WHERE t.id IN (SELECT v.id FROM ${v}) AND t.ended_at IS NULL`,
    into: loadOpen,
    more: needOpen,
  },
  journals: {
    list: IDS,
    sql: (v) => `
      SELECT s.id, j.seq, j.origin, j.target, j.event, j.at, j.ms
      FROM ${v} JOIN sessions s ON s.id = v.id JOIN journal j ON j.session = s.seq ORDER BY j.seq`,
    into: ({ rows }, found) => {
      const bySession = Map.groupBy(found.map(toJournalRow), ({ sessionId }) => sessionId)
      for (const [sessionId, all] of bySession) {
        rows.journals.load([
          { sessionId, entries: all.map(({ sessionId: _its, ...entry }) => entry) },
        ])
      }
    },
  },
} satisfies Partial<Record<LoadName, Load>>
