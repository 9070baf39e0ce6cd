import { type Query, selectAll } from '../query/query.ts'
import { selectAmong } from '../query/value-lists.ts'
import { type Row, text } from '../row/row.ts'

/** The inviter's redemption says whether its offer was acknowledged, in the same commit as the tally. */
const OTHER_DELIVERY = `
  t.role = t.created_by AND EXISTS (
    SELECT 1 FROM redemptions r WHERE r.id = t.redemption_id AND r.tally_id = t.tally_id
      AND r.state = 'committed' AND r.delivery <> t.status)`

/** The invitee's attempts say whether one of them ended with the inviter's word, in the same commit as the tally. */
const OTHER_ATTEMPT = `
  t.role <> t.created_by AND t.tally_id IN (
      SELECT a.tally_id FROM attempts a WHERE a.tally_id IS NOT NULL)
    AND (t.status = 'confirmed') <> (t.tally_id IN (
      SELECT a.tally_id FROM attempts a WHERE a.status = 'confirmed' AND a.tally_id IS NOT NULL))`

/** `offered` is a status of inviters only, `held` and `withdrawn` of invitees. */
const FOREIGN_STATUS = `
  CASE WHEN t.role = t.created_by THEN t.status = 'held' OR t.withdrawn_at IS NOT NULL
    ELSE t.status = 'offered' END`

const MISSTATED = `
  SELECT t.tally_id FROM tallies t
  WHERE ((${OTHER_DELIVERY}) OR (${OTHER_ATTEMPT}) OR (${FOREIGN_STATUS}))`

/** Tallies that a redemption or an attempt came to, that nobody gave up since, and that are not there. */
const ABSENT = `
  SELECT r.tally_id FROM redemptions r
    WHERE r.state = 'committed' AND r.withdrawn_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM tallies t WHERE t.tally_id = r.tally_id)
  UNION
  SELECT a.tally_id FROM attempts a
    WHERE a.status = 'confirmed' AND a.tally_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM tallies t WHERE t.tally_id = a.tally_id)
  LIMIT ?1`

/** The evidence in the store about its tallies: what other rows, written in the same commits, say of them. */
export const tallyEvidenceRecords = {
  /** Returns those of the tallies whose status is not what the redemption or the attempt says. */
  *misstated(tallyIds: readonly string[]): Query<ReadonlySet<string>> {
    const sqlOf = (list: string) => `${MISSTATED} AND t.tally_id IN ${list}`
    return idsIn(yield* selectAmong(sqlOf, tallyIds))
  },

  /** As `misstated`, of all tallies. */
  *allMisstated(): Query<ReadonlySet<string>> {
    return idsIn(yield* selectAll(MISSTATED))
  },

  /** Returns ids of tallies that should be there and are not, at most so many. */
  *absent(limit: number): Query<ReadonlySet<string>> {
    return idsIn(yield* selectAll(ABSENT, limit))
  },
}

function idsIn(rows: readonly Row[]): ReadonlySet<string> {
  return new Set(rows.map((row) => text(row, 'tally_id')))
}
