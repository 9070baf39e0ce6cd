import type { SessionFilter } from '../../service/session-history.ts'
import { SESSION_STATES } from '../../service/session-states.ts'
import { parseDuration } from '../duration.ts'
import { UsageError } from '../usage-error.ts'

/** What the command line asks for, as it was typed. */
export interface FilterFlags {
  readonly state?: string | undefined
  readonly side?: string | undefined
  readonly peer?: string | undefined
  readonly token?: string | undefined
  readonly since?: string | undefined
  readonly limit: number
}

const DATE = /^\d{4}-\d\d-\d\d/

/** @throws UsageError */
export function parseFilter(flags: FilterFlags, now: number): SessionFilter {
  const { state, side, peer, token, since, limit } = flags
  return {
    limit,
    ...(state === undefined ? {} : { state: parseState(state) }),
    ...(side === undefined ? {} : { side: parseSide(side) }),
    ...(peer === undefined ? {} : { peerId: peer.trim() }),
    ...(token === undefined ? {} : { tokenId: token.trim().toLowerCase() }),
    ...(since === undefined ? {} : { since: parseSince(since, now) }),
  }
}

/** In any case, with `-` or blanks as well as `_`; and as the list shows it. */
function parseState(text: string): string {
  const state = text
    .trim()
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '_')
  if (SESSION_STATES.includes(state)) return state
  if (state === 'TIMED_OUT') return 'TIMEOUT'
  const names = SESSION_STATES.map((name) => name.toLowerCase())
  throw new UsageError(`--state: one of ${names.join(', ')}`)
}

function parseSide(text: string): 'listener' | 'dialer' {
  if (text === 'listener' || text === 'dialer') return text
  throw new UsageError('--side: listener (you invited) or dialer (you were invited)')
}

/** How long ago, or a date. */
function parseSince(text: string, now: number): number {
  if (!DATE.test(text)) return now - parseDuration(text, { of: '--since', max: now })
  const at = Date.parse(text)
  if (Number.isFinite(at)) return at
  throw new UsageError(
    '--since: a duration like 2h, or a date like 2026-11-21 or 2026-11-21T08:00Z',
  )
}
