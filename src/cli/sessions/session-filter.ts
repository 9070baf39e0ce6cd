import { SESSION_STATES } from '../../service/feed/session-states.ts'
import { knownPeers, knownTokens } from '../../service/sessions/known-ids.ts'
import type { SessionFilter } from '../../service/sessions/session-history.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import { narrowId } from '../input/resolve-id.ts'
import { parseMoment } from '../text/moment.ts'

/** What the command line asks for, as it was typed. */
export interface FilterFlags {
  readonly state?: string | undefined
  readonly side?: string | undefined
  readonly peer?: string | undefined
  readonly token?: string | undefined
  readonly since?: string | undefined
  readonly before?: number | undefined
  readonly after?: number | undefined
  readonly limit: number
}

/**
 * @param store where ids that were shortened are looked up
 * @throws UsageError, Failure `ambiguous_id`; StoreError
 */
export function parseFilter(
  flags: FilterFlags,
  now: number,
  store: Awaited<ReturnType<Context['store']>>,
): SessionFilter {
  const { state, side, peer, token, since, before, after, limit } = flags
  return {
    limit,
    ...(state === undefined ? {} : { state: parseState(state) }),
    ...(side === undefined ? {} : { side: parseSide(side) }),
    ...(peer === undefined
      ? {}
      : { peerId: narrowId(peer, 'peer', (part) => knownPeers(store, part)) }),
    ...(token === undefined
      ? {}
      : { tokenId: narrowId(token, 'invitation', (part) => knownTokens(store, part)) }),
    ...(since === undefined ? {} : { since: parseMoment(since, now, '--since') }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
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
