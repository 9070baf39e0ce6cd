import { appendAudit, type Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { metaRecords } from '../../store/records/meta-records.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'

/** The name of the fact in the store: a restart of the listener does not end a pause. */
const PAUSED_UNTIL = 'reaping_paused_until'

/** @default an hour, ms: longer than it takes to look at what would go */
export const DEFAULT_REAP_PAUSE_MS = 3_600_000
/** The longest pause, ms: 7 days. What a pause is forgotten for must not fill the disk. */
export const MAX_REAP_PAUSE_MS = 604_800_000

/**
 * Has the listener reap nothing by itself until then. What an operator orders is reaped all the same.
 * @param until milliseconds since the epoch
 * @throws StoreError
 */
export function pauseReaping(
  store: Pick<RecordStore, 'transact'>,
  until: number,
  operator: Operator,
): Promise<void> {
  return store.transact(function* () {
    yield* metaRecords.set(PAUSED_UNTIL, String(until))
    yield* appendAudit(operatorRecord('reap pause', {}, { until }, operator))
  })
}

/** Ends a pause. @returns false if there was none; then nothing was recorded @throws StoreError */
export function resumeReaping(
  store: Pick<RecordStore, 'transact'>,
  now: number,
  operator: Operator,
): Promise<boolean> {
  return store.transact(function* () {
    if ((yield* reapingPausedUntil(now)) === undefined) return false
    yield* metaRecords.set(PAUSED_UNTIL, '0')
    yield* appendAudit(operatorRecord('reap resume', {}, {}, operator))
    return true
  })
}

/** Tells until when nothing is reaped by itself, milliseconds since the epoch; undefined if it goes on. */
export function* reapingPausedUntil(now: number): Query<number | undefined> {
  return untilIn(yield* metaRecords.get(PAUSED_UNTIL), now)
}

/** A clock that was set back must not make a pause longer than the longest. */
function untilIn(text: string | undefined, now: number): number | undefined {
  const until = Number(text ?? 0)
  return until > now && until <= now + MAX_REAP_PAUSE_MS ? until : undefined
}
