import type { TallySyncRow } from '../../store/sync/tally-sync-records.ts'
import { isOurs } from '../../tally/automerge-database.ts'
import type { SyncStop } from '../../tally/errors.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'

/** Tallies with one partner that are synced, the newest: as many as five exchanges ask about. */
export const MAX_SHARED_TALLIES = 10_000

/**
 * How a tally's document here stands to the partner's, as far as it was told.
 * - `in_sync`: equal when they last met, and not changed here since
 * - `ahead`: changes here that the partner has not
 * - `behind`: the partner has some that are not here
 * - `apart`: both
 * - `unmet`: they have not met since the tally began
 * - `stopped`: not synced any further
 */
export const TALLY_SYNC_STATES = [
  'in_sync',
  'ahead',
  'behind',
  'apart',
  'unmet',
  'stopped',
] as const

export type TallySyncState = (typeof TALLY_SYNC_STATES)[number]

/** After a partner's changes were refused they are not looked at again for so long, ms, unless somebody asks for it. */
const SYNC_HOLD_MS = 3_600_000

export function syncStateOf(row: TallySyncRow): TallySyncState {
  if (row.stop !== undefined) return 'stopped'
  if (row.partnerSeenAt === undefined) return 'unmet'
  if (row.ahead > 0) return row.behind > 0 ? 'apart' : 'ahead'
  return row.behind > 0 ? 'behind' : 'in_sync'
}

/** True if there is a document of ours to be synced with the partner. */
export function isShared({ tallyId, built, status }: TallyRecord): boolean {
  return status !== 'withdrawn' && isOurs(built.database, tallyId)
}

/** True while the partner's changes are not looked at. A fork can't be mended by another try. */
export function isHeld(
  { stop, stoppedAt = 0 }: Pick<TallySyncRow, 'stop' | 'stoppedAt'>,
  now: number,
): boolean {
  if (stop === undefined) return false
  return stop === ('forked' satisfies SyncStop) || now < stoppedAt + SYNC_HOLD_MS
}
