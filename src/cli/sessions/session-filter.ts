import { compact } from '../../protocol/base/compact.ts'
import { SESSION_STATES } from '../../service/feed/session-states.ts'
import { ASKED_STATE, type SessionFilter } from '../../service/sessions/session-history.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import { narrowPeerId, narrowTokenId } from '../input/known-id.ts'
import { parseMoment } from '../text/moment.ts'

/** The flags that say which sessions are wanted, as they were typed. */
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
 * Makes a filter of the flags.
 * @param store where ids that were shortened are looked up
 * @throws UsageError, CommandFailure `ambiguous_id`; StoreError
 */
export async function parseFilter(
  flags: FilterFlags,
  now: number,
  store: Awaited<ReturnType<Context['store']>>,
): Promise<SessionFilter> {
  const { state, side, peer, token, since, before, after, limit } = flags
  return compact({
    limit,
    state: state === undefined ? undefined : parseState(state),
    side: side === undefined ? undefined : parseSide(side),
    peerId: await narrowPeerId(store, peer),
    tokenId: await narrowTokenId(store, token),
    since: parseMoment(since, now, '--since'),
    before,
    after,
  })
}

/** Reads a state in any case, with `-` or blanks as well as `_`; and as the list shows it. */
function parseState(text: string): string {
  const state = text
    .trim()
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '_')
  const states = [...SESSION_STATES, ASKED_STATE]
  if (states.includes(state)) return state
  if (state === 'TIMED_OUT') return 'TIMEOUT'
  if (state === 'WAITING') return ASKED_STATE
  const names = states.map((name) => name.toLowerCase())
  throw new UsageError(`--state: one of ${names.join(', ')}`)
}

function parseSide(text: string): 'listener' | 'dialer' {
  if (text === 'listener' || text === 'dialer') return text
  throw new UsageError('--side: listener (you invited) or dialer (you were invited)')
}
