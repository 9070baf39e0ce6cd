import { change, type Query, selectAll, selectOne } from '../query/query.ts'
import { integer, type Row, text } from '../row/row.ts'

/** Checkpoints that are kept, the newest: half a megabyte. An old one proves nothing that the newest does not. */
const MAX_CHECKPOINTS = 1_000

const TRIM = `
  DELETE FROM audit_checkpoints WHERE size <=
    (SELECT size FROM audit_checkpoints ORDER BY size DESC LIMIT 1 OFFSET ${MAX_CHECKPOINTS})`

/** One checkpoint that this node signed. */
export interface StoredCheckpoint {
  /** Records 1 to this one are under it. */
  readonly size: number
  /** Wall clock, ms since the epoch. Not signed. */
  readonly at: number
  /** The signed note. */
  readonly note: string
}

/** The checkpoints that this node signed. */
export const checkpointRecords = {
  /** Takes the place of one of the same size. */
  *keep({ size, at, note }: StoredCheckpoint): Query<void> {
    yield* change('DELETE FROM audit_checkpoints WHERE size = ?1', size)
    yield* change(
      'INSERT INTO audit_checkpoints (size, at, note) VALUES (?1, ?2, ?3)',
      size,
      at,
      note,
    )
    yield* change(TRIM)
  },

  *latest(): Query<StoredCheckpoint | undefined> {
    const row = yield* selectOne(
      'SELECT size, at, note FROM audit_checkpoints ORDER BY size DESC LIMIT 1',
    )
    return row === undefined ? undefined : toCheckpoint(row)
  },

  /** Smallest first; few enough to hold. */
  *all(): Query<readonly StoredCheckpoint[]> {
    const rows = yield* selectAll('SELECT size, at, note FROM audit_checkpoints ORDER BY size')
    return rows.map(toCheckpoint)
  },

  /** Deletes those of fewer records than that. */
  *removeBelow(size: number): Query<void> {
    yield* change('DELETE FROM audit_checkpoints WHERE size < ?1', size)
  },
}

function toCheckpoint(row: Row): StoredCheckpoint {
  return { size: integer(row, 'size'), at: integer(row, 'at'), note: text(row, 'note') }
}
