import { compact } from '../../protocol/base/compact.ts'
import { type Decided, MAX_DENIAL_REASON } from '../../service/control/decided.ts'
import { withContext } from '../context.ts'
import { CommandFailure, UsageError } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import { isoTime, isoTimeOrNull, type TimeStyle, timeText } from '../text/time-text.ts'
import { findRequest } from './pending-requests.ts'

/** The answer of `sessions approve --json` and `sessions deny --json`. */
export interface DecidedDocument {
  readonly id: string
  readonly result: 'approved' | 'denied'
  readonly peerId: string
  readonly tokenId: string
  /** After a yes: until when the use is held for its peer. ISO 8601, UTC. */
  readonly until: string | null
  /** After a no: told to the peer. */
  readonly reason: string | null
}

/** Says yes to a request. @param reason for the audit @throws as `denyRequest` does */
export async function approveRequest(
  locations: Locations,
  id: string,
  reason?: string,
): Promise<DecidedDocument> {
  return await decide(locations, id, { says: 'yes' }, reason)
}

/**
 * Says no to a request.
 * @param reason told to the peer, and for the audit
 * @throws CommandFailure `not_found`, `ambiguous_id`, `not_waiting`; UsageError, StoreError, ControlError
 */
export async function denyRequest(
  locations: Locations,
  id: string,
  reason?: string,
): Promise<DecidedDocument> {
  if (reason !== undefined && (reason.length > MAX_DENIAL_REASON || !reason.isWellFormed()))
    throw new UsageError(`--reason: at most ${MAX_DENIAL_REASON} characters`)
  return await decide(locations, id, compact({ says: 'no', reason }), reason)
}

type Verdict = { readonly says: 'yes' } | { readonly says: 'no'; readonly reason?: string }

async function decide(
  locations: Locations,
  id: string,
  verdict: Verdict,
  reason: string | undefined,
): Promise<DecidedDocument> {
  const { decideByOperator } = await import('../../service/approval/decide-by-operator.ts')
  const { currentOperator } = await import('../../service/record/operator.ts')
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const request = await findRequest(store, id)
    const { directory } = context
    const pendingForMs = (await context.settings()).number('pending-for')
    const place = {
      directory,
      store,
      clock: await context.clock(),
      config: { pendingForMs },
      inviter: await context.peerId(),
    }
    const decided = await decideByOperator(place, request, verdict, currentOperator(reason))
    return documentOf(request, decided, reason)
  })
}

/** @throws CommandFailure `not_waiting` */
function documentOf(
  { id, peerId, tokenId, until: waited }: Awaited<ReturnType<typeof findRequest>>,
  { result, why, until }: Decided,
  reason: string | undefined,
): DecidedDocument {
  if (result === 'none')
    throw new CommandFailure('not_waiting', { detail: detailOf(why ?? 'gone', waited) })
  const told = result === 'denied' ? (reason ?? null) : null
  return { id, result, peerId, tokenId, until: isoTimeOrNull(until), reason: told }
}

function detailOf(why: NonNullable<Decided['why']>, waited: number): string {
  switch (why) {
    case 'gone':
      return 'it has ended meanwhile, or its peer has asked anew'
    case 'lapsed':
      return `it waited until ${isoTime(waited)}; its peer may ask again`
    case 'revoked':
      return 'its invitation was revoked'
    case 'no_use':
      return 'no use of its invitation is left; one that is held for somebody else may become free again'
    case 'approved':
      return 'you said yes before'
    case 'under_way':
      return 'you said yes, and its peer has gone on with that'
    default:
      return why satisfies never
  }
}

export function decidedText(
  { result, until, peerId, reason }: DecidedDocument,
  style: TimeStyle,
): ScreenText {
  if (result === 'denied') {
    const told = reason === null ? 'It is told so' : 'It is told so, with your reason'
    return line(
      `You said no to ${peerId}. ${told}, when it asks again, for good at this invitation.`,
    )
  }
  const held =
    until === null
      ? ''
      : ` The use is held for it; that lapses ${timeText(Date.parse(until), style)}.`
  return line(`You said yes to ${peerId}: it goes on when it asks again.${held}`)
}
