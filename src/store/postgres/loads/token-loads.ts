import { pair } from '../../memory/rows.ts'
import { integer, optionalInteger, text } from '../../row/row.ts'
import { STORED_FREE_SLOTS } from '../rows/redemption-rows.ts'
import { STORED_TOKENS } from '../rows/token-rows.ts'
import { IDS, type Load } from './load.ts'
import type { LoadName } from './load-name.ts'

// A token's uses are counted without looking at each: all slots up to the highest are taken or free again.

const OF_TOKEN = 'r.token_id = t.id AND r.released_at IS NULL'

const FACTS = `
  (SELECT max(r.slot) FROM redemptions r WHERE ${OF_TOKEN}) AS highest_taken,
  (SELECT max(f.slot) FROM free_slots f WHERE f.token_id = t.id) AS highest_free,
  (SELECT count(*) FROM free_slots f WHERE f.token_id = t.id) AS free,
  (SELECT count(*) FROM redemptions r
    WHERE r.token_id = t.id AND r.reserved_until IS NOT NULL) AS reserved,
  CASE WHEN t.secret_hash IS NULL AND EXISTS (
    SELECT 1 FROM redemptions r WHERE ${OF_TOKEN} AND r.revision = t.revision
    ORDER BY r.slot DESC LIMIT 1) THEN 1 ELSE 0 END AS on_terms,
  (SELECT count(*) FROM pending_requests p WHERE p.token_id = t.id) AS requests,
  (SELECT count(*) FROM pending_requests p
    WHERE p.token_id = t.id AND p.approved_at IS NULL) AS waiting`

export const TOKEN_LOADS = {
  /** A link on which nothing was begun yet has no row to be locked. */
  lockedLinks: {
    list: IDS,
    sql: (v) => `
      SELECT pg_advisory_xact_lock(hashtextextended('link ' || k.id, 0))
      FROM (SELECT v.id FROM ${v} ORDER BY v.id) k`,
    into: () => undefined,
  },
  /** Held until the commit. A statement of its own: the next one sees what was committed while it waited. */
  lockedTokens: {
    list: IDS,
    sql: (v, lock) => `
      SELECT 1 FROM tokens t WHERE t.id IN (SELECT v.id FROM ${v}) ORDER BY t.id ${lock}`,
    into: () => undefined,
  },
  /** With what is known of their uses. */
  tokens: {
    list: IDS,
    sql: (v) => `SELECT t.*, ${FACTS} FROM tokens t WHERE t.id IN (SELECT v.id FROM ${v})`,
    into: ({ rows, total }, found) => {
      rows.tokens.load(found.map(STORED_TOKENS.toRow))
      for (const row of found) {
        const id = text(row, 'id')
        const free = integer(row, 'free')
        const highest = Math.max(
          optionalInteger(row, 'highest_taken') ?? 0,
          optionalInteger(row, 'highest_free') ?? 0,
        )
        total(rows.takenOfToken, id, highest - free)
        total(rows.freeOfToken, id, free)
        total(rows.reservedOfToken, id, integer(row, 'reserved'))
        const revision = String(integer(row, 'revision'))
        total(rows.usesOnTerms, pair(id, revision), integer(row, 'on_terms'))
        total(rows.requestsOfToken, id, integer(row, 'requests'))
        total(rows.waitingOfToken, id, integer(row, 'waiting'))
      }
    },
  },
  /** The lowest ones, as many as may be given out. */
  freeSlots: {
    list: 'id text, uses bigint',
    sql: (v) => `
      SELECT f.token_id, f.slot FROM ${v} CROSS JOIN LATERAL (
        SELECT * FROM free_slots f WHERE f.token_id = v.id ORDER BY f.slot LIMIT v.uses) f`,
    into: ({ rows }, found) => rows.freeSlots.load(found.map(STORED_FREE_SLOTS.toRow)),
  },
  /** Tokens of redemptions, of which the uses do not matter. */
  tokensOfRedemptions: {
    list: IDS,
    sql: (v) => `
      SELECT t.* FROM tokens t WHERE t.id IN (
        SELECT r.token_id FROM ${v} JOIN redemptions r ON r.id = v.id)`,
    into: ({ rows }, found) => rows.tokens.load(found.map(STORED_TOKENS.toRow)),
  },
  expiredTokens: {
    list: 'now bigint, most bigint',
    sql: (v) => `
      SELECT t.id FROM ${v} CROSS JOIN LATERAL (
        SELECT t.id, t.expires_at FROM tokens t
        WHERE t.expires_at <= v.now AND t.expiry_noted_at IS NULL AND t.revoked_at IS NULL
          AND t.secret_hash IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM pending_requests p WHERE p.token_id = t.id)
          AND (t.uses IS NULL
            OR (SELECT count(*) FROM redemptions r WHERE ${OF_TOKEN}) < t.uses
            OR (SELECT count(*) FROM redemptions r
              WHERE ${OF_TOKEN} AND r.reserved_until IS NULL) >= t.uses)
        ORDER BY t.expires_at LIMIT v.most) t`,
    into: () => undefined,
    more: (found, needs) => {
      const ids = found.map((row) => text(row, 'id'))
      needs.addIds('lockedTokens', ids)
      needs.addIds('tokens', ids)
    },
  },
  tokenPage: {
    list: 'after text, most bigint',
    sql: (v) => `
      SELECT t.id FROM ${v} CROSS JOIN LATERAL (
        SELECT t.id FROM tokens t WHERE t.id > coalesce(v.after, '') AND t.forgotten_at IS NULL
        ORDER BY t.id LIMIT v.most) t`,
    into: () => undefined,
    more: (found, needs) =>
      needs.addIds(
        'tokens',
        found.map((row) => text(row, 'id')),
      ),
  },
} satisfies Partial<Record<LoadName, Load>>
