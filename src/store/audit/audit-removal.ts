import { RowInvalidError } from '../errors.ts'
import { change, type Query, selectAll, selectOne } from '../query/query.ts'
import { integer, text } from '../row/row.ts'
import { checkpointRecords } from './checkpoint-records.ts'

/** A record begins with its time: see `recordText`. */
const TIME = /^\{"at":(\d+)[,}]/

/** Threads of which records stay that were led by one that goes. */
const LED_BY_THOSE = `
  SELECT later.thread, min(later.seq) AS first, leader.session_id
  FROM audit later JOIN audit leader ON leader.seq = later.thread
  WHERE later.thread <= ?1 AND later.seq > ?1 GROUP BY later.thread, leader.session_id`

/** The removal of the oldest records of the audit. */
export const auditRemoval = {
  /** Returns when a record was written, ms since the epoch; undefined if there is no such record. @throws RowInvalidError */
  *writtenAt(seq: number): Query<number | undefined> {
    const row = yield* selectOne('SELECT record FROM audit WHERE seq = ?1', seq)
    if (row === undefined) return undefined
    const time = TIME.exec(text(row, 'record'))?.[1]
    if (time === undefined) throw new RowInvalidError('record')
    return Number(time)
  },

  /** Removes the records up to this one, and the checkpoints of fewer. */
  *upTo(last: number): Query<void> {
    yield* leadAnew(last)
    yield* change('DELETE FROM audit WHERE seq <= ?1', last)
    yield* checkpointRecords.removeBelow(last)
  },
}

/** Makes the first record that stays the first of its thread. */
function* leadAnew(last: number): Query<void> {
  for (const row of yield* selectAll(LED_BY_THOSE, last)) {
    const [thread, first] = [integer(row, 'thread'), integer(row, 'first')]
    const name = text(row, 'session_id')
    yield* change('UPDATE audit SET session_id = ?1, thread = NULL WHERE seq = ?2', name, first)
    yield* change('UPDATE audit SET thread = ?1 WHERE thread = ?2 AND seq > ?1', first, thread)
  }
}
