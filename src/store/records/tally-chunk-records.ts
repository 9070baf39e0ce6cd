import { change, type Query, selectAll } from '../query/query.ts'
import { blob } from '../row/row.ts'

/** Parts of a document that are to be stored. */
interface NewChunks {
  /** To be added in this order. */
  readonly added: readonly Uint8Array[]
  /** In the place of all but the first: one part alone means that nobody has changed the document. */
  readonly isFolded: boolean
}

const ADD = 'INSERT INTO tally_chunks (tally_id, chunk) VALUES (?1, ?2)'

const REMOVE_LATER = `
  DELETE FROM tally_chunks WHERE tally_id = ?1
    AND id > (SELECT min(c.id) FROM tally_chunks c WHERE c.tally_id = ?1)`

/** The durable parts of the tallies' documents. */
export const tallyChunkRecords = {
  /** Reads every part, in the order stored; none for a tally not opened yet. */
  *all(tallyId: string): Query<readonly Uint8Array[]> {
    const sql = 'SELECT chunk FROM tally_chunks WHERE tally_id = ?1 ORDER BY id'
    return (yield* selectAll(sql, tallyId)).map((row) => blob(row, 'chunk'))
  },

  *add(tallyId: string, { added, isFolded }: NewChunks): Query<void> {
    if (isFolded) yield* change(REMOVE_LATER, tallyId)
    for (const chunk of added) yield* change(ADD, tallyId, chunk)
  },
}
