import { ALL } from '../../memory/rows.ts'
import { integer, type Row, text } from '../../row/row.ts'
import { STORED_REQUESTS } from '../rows/duty-rows.ts'
import { byId, IDS, type Load, type Loading } from './load.ts'
import type { LoadName } from './load-name.ts'

function requests({ rows }: Loading, found: readonly Row[]): void {
  rows.requests.load(found.map(STORED_REQUESTS.toRow))
}

/** Whatever is decided about a request is about its invitation, its use and what else its peer has asked for there. */
const ABOUT: NonNullable<Load['more']> = (found, needs) => {
  for (const row of found) {
    const token = text(row, 'token_id')
    const redemption = text(row, 'redemption_id')
    needs.addIds('lockedTokens', [token])
    needs.addIds('tokens', [token])
    needs.add('freeSlots', { id: token, uses: found.length + 1 })
    for (const load of ['redemptions', 'removalsOfRedemptions'] as const)
      needs.addIds(load, [redemption])
    const peer = text(row, 'peer_id')
    for (const load of ['denials', 'requestsOfPair'] as const) needs.add(load, { token, peer })
  }
}

export const REQUEST_LOADS = {
  requests: { list: IDS, sql: byId('pending_requests'), into: requests, more: ABOUT },
  /** Of redemptions that are committed or given back: they are over. */
  requestsOfRedemptions: {
    list: IDS,
    sql: byId('pending_requests', 'redemption_id'),
    into: requests,
  },
  requestsOfPair: {
    list: 'token text, peer text',
    sql: (v, lock) => `
      SELECT t.* FROM pending_requests t
      WHERE (t.token_id, t.peer_id) IN (SELECT v.token, v.peer FROM ${v}) ORDER BY t.id ${lock}`,
    into: requests,
    more: ABOUT,
  },
  requestsOfPeers: {
    list: IDS,
    sql: (v, lock) => `
      SELECT t.* FROM pending_requests t
      WHERE t.approved_at IS NULL AND t.peer_id IN (SELECT v.id FROM ${v}) ORDER BY t.id ${lock}`,
    into: requests,
  },
  waiting: {
    list: 'one bigint',
    sql: (v) => `
      SELECT (SELECT count(*) FROM pending_requests p WHERE p.approved_at IS NULL) AS waiting FROM ${v}`,
    into: ({ rows, total }, found) => {
      for (const row of found) total(rows.waiting, ALL, integer(row, 'waiting'))
    },
  },
  requestsOver: {
    list: 'now bigint, most bigint',
    sql: (v) => `
      SELECT t.* FROM ${v} CROSS JOIN LATERAL (
        SELECT p.* FROM pending_requests p JOIN tokens k ON k.id = p.token_id
        WHERE CASE WHEN p.approved_at IS NULL
          THEN p.until <= v.now OR k.revoked_at IS NOT NULL OR k.uses <= (
            SELECT count(*) FROM redemptions r WHERE r.token_id = k.id
              AND r.released_at IS NULL AND r.reserved_until IS NULL)
          ELSE NOT EXISTS (SELECT 1 FROM redemptions r
            WHERE r.id = p.redemption_id AND r.reserved_until IS NOT NULL
              AND (r.state <> 'reserved' OR k.revoked_at IS NULL)) END
        ORDER BY p.id LIMIT v.most) t`,
    into: requests,
    more: ABOUT,
  },
} satisfies Partial<Record<LoadName, Load>>
