import type { Row } from '../../row/row.ts'
import { integer, json, text, texts } from '../../row/row.ts'
import { STORED_REDEMPTIONS, toAnswer } from '../rows/redemption-rows.ts'
import { IDS, type Load, type Loading } from './load.ts'
import type { LoadName } from './load-name.ts'

// Each redemption comes with the terms that it stands on, if its token has others by now.

const TERMS = 'p.required AS on_required, p.optional AS on_optional, p.terms AS on_terms'

const WITH_TERMS = 'LEFT JOIN past_terms p ON p.token_id = t.token_id AND p.revision = t.revision'

function selected(where: string, lock: string): string {
  return `SELECT t.*, ${TERMS} FROM redemptions t ${WITH_TERMS} WHERE ${where} ORDER BY t.id ${lock}`
}

/** Redemptions in the order of what a peer is asked about, the first of them. */
const STANDING = `t.state = 'committed' DESC, t.withdrawn_at IS NULL DESC`

const NEWEST = 't.approved_at DESC, t.seq DESC'

/**
 * A peer has few, and a token may have a million: the index on tokens must not be the one that is taken, whatever the
 * planner believes, so its column stands in an expression.
 */
const OF_PAIR =
  't.peer_id = v.peer AND coalesce(t.token_id = v.token, false) AND t.released_at IS NULL'

/** Takes over redemptions; their tokens must be here already to get the terms. */
function load({ rows, pastTerms }: Loading, found: readonly Row[]): void {
  rows.redemptions.load(found.map(STORED_REDEMPTIONS.toRow))
  for (const row of found) {
    if (row['on_terms'] === null) continue
    const [required, optional] = [texts(row, 'on_required'), texts(row, 'on_optional')]
    const offered = { required, optional, terms: json(row, 'on_terms') }
    pastTerms(text(row, 'token_id'), integer(row, 'revision'), offered)
  }
}

/** Another node, which lives, works on it. */
const ELSEWHERE = `EXISTS (
  SELECT 1 FROM sessions s JOIN nodes n ON n.node = s.node
  WHERE s.id = t.session_id AND s.ended_at IS NULL AND s.epoch = n.epoch AND s.node <> own_node())`

/** A page in the order of their numbers. */
function page(where: string): Load {
  return {
    list: 'after bigint, most bigint',
    sql: (v) => `
      SELECT t.*, ${TERMS} FROM ${v} CROSS JOIN LATERAL (
        SELECT t.* FROM redemptions t WHERE t.seq > coalesce(v.after, 0) AND ${where}
        ORDER BY t.seq LIMIT v.most) t ${WITH_TERMS}`,
    into: load,
    more: (found, needs) =>
      needs.addIds(
        'documents',
        found.map((row) => text(row, 'tally_id')),
      ),
  }
}

export const REDEMPTION_LOADS = {
  redemptions: {
    list: IDS,
    sql: (v, lock) => selected(`t.id IN (SELECT v.id FROM ${v})`, lock),
    into: load,
  },
  /** A peer's redemptions on a token: those that are most likely asked about, and as many more as may go on in the batch. */
  redemptionsOfPair: {
    list: 'token text, peer text, bootstrap text, most bigint',
    // OFFSET keeps the planner from walking all redemptions, and looking for each among those found.
    sql: (v, lock) => `
      SELECT t.*, ${TERMS} FROM (
        SELECT DISTINCT n.id FROM ${v} CROSS JOIN LATERAL (
          (SELECT t.id FROM redemptions t WHERE ${OF_PAIR} AND t.bootstrap_id = v.bootstrap
            ORDER BY ${NEWEST} LIMIT v.most)
          UNION ALL
          (SELECT t.id FROM redemptions t WHERE ${OF_PAIR}
            ORDER BY ${STANDING}, ${NEWEST} LIMIT v.most)) n ORDER BY n.id) k
      CROSS JOIN LATERAL (
        SELECT t.* FROM redemptions t WHERE t.id = k.id OFFSET 0 ${lock}) t ${WITH_TERMS}`,
    into: load,
  },
  /** Those that are under way for a database. */
  redemptionsOfTallies: {
    list: IDS,
    sql: (v, lock) =>
      selected(`t.reserved_until IS NOT NULL AND t.tally_id IN (SELECT v.id FROM ${v})`, lock),
    into: load,
  },
  answers: {
    list: IDS,
    sql: (v) => `
      SELECT t.id, a.response, a.receipt FROM ${v} JOIN redemptions t ON t.id = v.id
      JOIN answers a ON a.redemption = t.seq`,
    into: ({ rows }, found) => rows.answers.load(found.map(toAnswer)),
  },
  unsettledOfPeers: {
    list: IDS,
    sql: (v) => `
      SELECT v.id, count(*) AS unsettled FROM ${v} JOIN redemptions t ON t.peer_id = v.id
      WHERE t.released_at IS NULL AND (t.reserved_until IS NOT NULL
        OR (t.delivery = 'offered' AND t.withdrawn_at IS NULL)) GROUP BY v.id`,
    into: ({ rows, total }, found) => {
      for (const row of found) {
        total(rows.unsettledOfPeer, text(row, 'id'), integer(row, 'unsettled'))
      }
    },
  },
  lapsed: {
    list: 'now bigint, most bigint',
    sql: (v) => `
      SELECT t.*, ${TERMS} FROM ${v} CROSS JOIN LATERAL (
        SELECT t.* FROM redemptions t WHERE t.reserved_until < v.now AND NOT ${ELSEWHERE} LIMIT v.most) t ${WITH_TERMS}`,
    into: load,
  },
  offerPage: page(`t.state = 'committed' AND t.delivery = 'offered' AND t.withdrawn_at IS NULL`),
  reservationPage: page(`t.reserved_until IS NOT NULL AND NOT ${ELSEWHERE}`),
} satisfies Partial<Record<LoadName, Load>>
