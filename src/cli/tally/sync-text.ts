import type { TallySyncStatus } from '../../service/sync/sync-status.ts'
import { isoTimeOrNull, type TimeStyle, timeText } from '../text/time-text.ts'

/** How a tally's document stands to the partner's, as `--json` tells it. */
export interface TallySyncDocument {
  readonly state: TallySyncStatus['state']
  /** Changes here that the partner has not. */
  readonly ahead: number
  /** Of those that the partner has and this side has not, at least so many. */
  readonly behind: number
  /** When the partner last told its heads; `null` if it never did. */
  readonly partnerSeenAt: string | null
  /** When the partner was sought in vain; `null` if it was met since. */
  readonly missedAt: string | null
  /** Why it is not synced any further; `null` if it is. */
  readonly stop: string | null
}

export function tallySyncDocument(status: TallySyncStatus): TallySyncDocument {
  const { state, ahead, behind, partnerSeenAt, missedAt, stop = null } = status
  const times = { partnerSeenAt: isoTimeOrNull(partnerSeenAt), missedAt: isoTimeOrNull(missedAt) }
  return { state, ahead, behind, ...times, stop }
}

/** The words that follow "not synced any further:". */
const STOPS: Readonly<Record<string, string>> = {
  forked: 'two different changes have one name: these documents never merge again',
  draft: 'the partner’s changes touch the draft',
  invalid: 'the partner’s changes are damaged, or none of this document',
  too_large: 'with the partner’s changes the document would be too large',
  too_slow: 'the partner’s changes take too long, or too much memory',
  forged: 'the partner sent a change in your name that you never signed',
  unsigned: 'the partner sent a change that is not signed by who it says made it',
  own_damaged: 'the document here is damaged',
  guard_failed: 'what reads the partner’s changes has failed, here; it is tried again',
}

/** E.g. "in sync, 12 s ago", "2 changes here that the partner has not". */
export function tallySyncText(sync: TallySyncDocument, style: TimeStyle): string {
  const { state, ahead, behind, partnerSeenAt, missedAt, stop } = sync
  if (state === 'stopped') return `NOT SYNCED ANY FURTHER: ${STOPS[stop ?? ''] ?? stop}`
  const seen = partnerSeenAt === null ? '' : `, ${timeText(Date.parse(partnerSeenAt), style)}`
  const missed =
    missedAt === null ? '' : `; partner not reached ${timeText(Date.parse(missedAt), style)}`
  if (state === 'in_sync') return `in sync${seen}${missed}`
  const here = ahead > 0 ? [`${changes(ahead)} here that the partner has not`] : []
  const there = behind > 0 ? [`${changes(behind)} or more of the partner’s that are not here`] : []
  const differ = [...here, ...there].join(', ')
  if (state === 'unmet') return `${differ === '' ? 'not synced yet' : differ}${missed}`
  return `${differ}; partner seen${seen.slice(1)}${missed}`
}

function changes(count: number): string {
  return `${count} change${count === 1 ? '' : 's'}`
}
