import { integer, type Row, text } from '../../row/row.ts'
import {
  STORED_CHECKPOINTS,
  STORED_DECLINES,
  STORED_DENIALS,
  STORED_LOST_USES,
  STORED_NOTICES,
  STORED_REMOVALS,
} from '../rows/duty-rows.ts'
import { byId, IDS, type Load, type Loading } from './load.ts'
import type { LoadName } from './load-name.ts'

function removals({ rows }: Loading, found: readonly Row[]): void {
  rows.removals.load(found.map(STORED_REMOVALS.toRow))
}

function notices({ rows }: Loading, found: readonly Row[]): void {
  rows.notices.load(found.map(STORED_NOTICES.toRow))
}

/** A peer's words about a token, or about it. */
function words(table: 'declines' | 'denials', stored: typeof STORED_DECLINES) {
  const into: Load['into'] = ({ rows }, found) => rows[table].load(found.map(stored.toRow))
  return {
    ofPeers: {
      list: 'token text, peer text',
      sql: (v, lock) => `
        SELECT t.* FROM ${table} t WHERE (t.token_id, t.peer_id) IN (SELECT v.token, v.peer FROM ${v})
        ORDER BY t.token_id, t.peer_id ${lock}`,
      into,
    },
    ofTokens: {
      list: IDS,
      sql: (v, lock) => `
        SELECT t.* FROM ${table} t WHERE t.token_id IN (SELECT v.id FROM ${v})
        ORDER BY t.token_id, t.peer_id ${lock}`,
      into,
    },
  } satisfies Record<string, Load>
}

const DECLINES = words('declines', STORED_DECLINES)
const DENIALS = words('denials', STORED_DENIALS)

export const DUTY_LOADS = {
  declines: DECLINES.ofPeers,
  declinesOfTokens: DECLINES.ofTokens,
  denials: DENIALS.ofPeers,
  denialsOfTokens: DENIALS.ofTokens,
  removals: { list: IDS, sql: byId('removals', 'tally_id'), into: removals },
  removalsOfRedemptions: {
    list: IDS,
    sql: (v, lock) => `
      SELECT t.* FROM removals t WHERE t.tally_id IN (
        SELECT r.tally_id FROM ${v} JOIN redemptions r ON r.id = v.id) ORDER BY t.tally_id ${lock}`,
    into: removals,
  },
  removalsOfSessions: { list: IDS, sql: byId('removals', 'session_id'), into: removals },
  dueRemovals: {
    list: 'now bigint, most bigint',
    sql: (v) => `
      SELECT t.* FROM ${v} CROSS JOIN LATERAL (
        SELECT r.* FROM removals r WHERE r.next_at <= v.now
        ORDER BY r.claimed_by IS NOT NULL, r.next_at, r.tally_id LIMIT v.most) t`,
    into: removals,
    more: (found, needs) =>
      needs.addIds(
        'attemptsOfTallies',
        found.map((row) => text(row, 'tally_id')),
      ),
  },
  removalPage: {
    list: 'after text, most bigint',
    sql: (v) => `
      SELECT t.* FROM ${v} CROSS JOIN LATERAL (
        SELECT r.* FROM removals r WHERE r.tally_id > coalesce(v.after, '')
        ORDER BY r.tally_id LIMIT v.most) t`,
    into: removals,
  },
  notices: { list: IDS, sql: byId('notices', 'redemption_id'), into: notices },
  dueNotices: {
    list: 'now bigint, most bigint',
    sql: (v) => `
      SELECT t.* FROM ${v} CROSS JOIN LATERAL (
        SELECT n.* FROM notices n WHERE n.next_at <= v.now
        ORDER BY n.next_at, n.redemption_id LIMIT v.most) t`,
    into: notices,
  },
  lostUses: {
    list: IDS,
    sql: (v, lock) => `
      SELECT t.* FROM lost_uses t WHERE t.redemption_id IN (SELECT v.id FROM ${v})
      ORDER BY t.lost_by, t.redemption_id ${lock}`,
    into: ({ rows }, found) => rows.lostUses.load(found.map(STORED_LOST_USES.toRow)),
  },
  checkpoints: {
    list: IDS,
    sql: (v, lock) => `
      SELECT t.* FROM witnessed t WHERE t.peer_id IN (SELECT v.id FROM ${v})
      ORDER BY t.peer_id, t.size, t.standing, t.root ${lock}`,
    into: ({ rows }, found) => rows.witnessed.load(found.map(STORED_CHECKPOINTS.toRow)),
  },
  highestTime: {
    list: 'one bigint',
    sql: (v) => `SELECT m.value::bigint AS at FROM ${v} JOIN meta m ON m.name = 'highest_time'`,
    into: ({ rows }, found) => {
      for (const row of found) rows.highestTime.load(integer(row, 'at'))
    },
  },
} satisfies Partial<Record<LoadName, Load>>
