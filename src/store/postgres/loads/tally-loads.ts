import { integer, type Row, text } from '../../row/row.ts'
import { STORED_ATTEMPTS, STORED_TALLIES } from '../rows/tally-rows.ts'
import { byId, IDS, type Load, type Loading } from './load.ts'
import type { LoadName } from './load-name.ts'

function attempts({ rows }: Loading, found: readonly Row[]): void {
  rows.attempts.load(found.map(STORED_ATTEMPTS.toRow))
}

function tallies({ rows }: Loading, found: readonly Row[]): void {
  rows.tallies.load(found.map(STORED_TALLIES.toRow))
}

/** Of a document only the number of its parts is known here. */
function documents({ rows }: Loading, found: readonly Row[]): void {
  const counted = found.map((row) => ({
    tallyId: text(row, 'id'),
    chunks: Array.from({ length: integer(row, 'chunks') }, () => new Uint8Array()),
  }))
  rows.documents.load(counted)
}

function attemptPage(where: string): Load {
  return {
    list: 'after bigint, most bigint',
    sql: (v) => `
      SELECT t.* FROM ${v} CROSS JOIN LATERAL (
        SELECT a.* FROM attempts a WHERE a.rowid > coalesce(v.after, 0) AND ${where}
        ORDER BY a.rowid LIMIT v.most) t`,
    into: attempts,
  }
}

export const TALLY_LOADS = {
  tallies: { list: IDS, sql: byId('tallies', 'tally_id'), into: tallies },
  talliesOfRedemptions: {
    list: IDS,
    sql: (v, lock) => `
      SELECT t.* FROM tallies t WHERE t.tally_id IN (
        SELECT r.tally_id FROM ${v} JOIN redemptions r ON r.id = v.id) ORDER BY t.tally_id ${lock}`,
    into: tallies,
  },
  talliesOfAttempts: {
    list: IDS,
    sql: (v, lock) => `
      SELECT t.* FROM tallies t WHERE t.tally_id IN (
        SELECT a.tally_id FROM ${v} JOIN attempts a ON a.id = v.id) ORDER BY t.tally_id ${lock}`,
    into: tallies,
  },
  /** Those of all attempts on links. */
  talliesOfLinks: {
    list: IDS,
    sql: (v, lock) => `
      SELECT t.* FROM tallies t WHERE t.tally_id IN (
        SELECT a.tally_id FROM ${v} JOIN attempts a ON a.link_hash = v.id)
      ORDER BY t.tally_id ${lock}`,
    into: tallies,
  },
  documents: {
    list: IDS,
    sql: (v) => `
      SELECT v.id, count(*) AS chunks FROM ${v} JOIN tally_chunks c ON c.tally_id = v.id
      GROUP BY v.id`,
    into: documents,
  },
  documentsOfRedemptions: {
    list: IDS,
    sql: (v) => `
      SELECT c.tally_id AS id, count(*) AS chunks FROM ${v} JOIN redemptions r ON r.id = v.id
      JOIN tally_chunks c ON c.tally_id = r.tally_id GROUP BY c.tally_id`,
    into: documents,
  },
  orphanPage: {
    list: 'after text, most bigint',
    sql: (v) => `
      SELECT t.tally_id FROM ${v} CROSS JOIN LATERAL (
        SELECT DISTINCT c.tally_id FROM tally_chunks c WHERE c.tally_id > coalesce(v.after, '')
          AND NOT EXISTS (SELECT 1 FROM tallies o WHERE o.tally_id = c.tally_id)
        ORDER BY c.tally_id LIMIT v.most) t`,
    into: () => undefined,
    more: (found, needs) => {
      const ids = found.map((row) => text(row, 'tally_id'))
      for (const load of [
        'documents',
        'redemptionsOfTallies',
        'attemptsOfTallies',
        'removals',
      ] as const)
        needs.addIds(load, ids)
    },
  },
  attempts: { list: IDS, sql: byId('attempts'), into: attempts },
  attemptsOnLinks: { list: IDS, sql: byId('attempts', 'link_hash'), into: attempts },
  attemptsOfTallies: {
    list: IDS,
    sql: (v, lock) => `
      SELECT t.* FROM attempts t
      WHERE t.owner IS NOT NULL AND t.tally_id IN (SELECT v.id FROM ${v}) ORDER BY t.id ${lock}`,
    into: attempts,
  },
  /** All that somebody works on. */
  heldAttempts: {
    list: 'one bigint',
    sql: (v, lock) => `
      SELECT t.* FROM ${v} CROSS JOIN attempts t WHERE t.owner IS NOT NULL ORDER BY t.id ${lock}`,
    into: attempts,
  },
  endedPage: attemptPage(`a.status = 'ended' AND a.owner IS NULL`),
  leasePage: attemptPage('a.owner IS NOT NULL'),
} satisfies Partial<Record<LoadName, Load>>
