import { compact } from '../../protocol/base/compact.ts'
import { reasonInWords } from '../../service/feed/session-reasons.ts'
import { stateInWords, statesInWords } from '../../service/feed/session-states.ts'
import type {
  BootstrapFailed,
  DeniedTally,
  InvitationExpired,
  RedeemResult,
  Refusal,
} from '../../service/redeeming/redeem-result.ts'
import type { ErrorCode } from '../errors/error-codes.ts'
import { CommandFailure, type CommandFailureDetails } from '../errors/errors.ts'
import { tallyStatusInWords } from '../text/tally-status.ts'
import { isoTime } from '../text/time-text.ts'

type Unfinished = Exclude<RedeemResult, { readonly kind: 'completed' | 'looked' | 'had' }>

/** Makes the user's error of a result that is no tally. */
export function failureOf(result: Unfinished): CommandFailure {
  switch (result.kind) {
    case 'failed':
      return failureOfOutcome(result.outcome, result.wasBegun)
    case 'refused':
      return result.denied === undefined
        ? failureOfRefusal(result.refusal)
        : deniedFailure(result.denied, result.refusal.code, { disclosed: [] })
    case 'missing':
      return new CommandFailure('identity_required', { fields: result.fields, disclosed: [] })
    case 'unwanted':
      return new CommandFailure('not_agreed', { disclosed: [] })
    case 'expired':
      return expiredFailure(result)
    case 'own':
      return new CommandFailure('own_invitation')
    case 'changed':
      // The inviter's role or expiry is not the link's.
      return new CommandFailure('mismatch', { disclosed: [], foundBy: 'invitee' })
    default:
      return result satisfies never
  }
}

/** Names both times, and whose clock said so: another invitation would not help against a clock that is wrong. */
function expiredFailure({ expiresAt, ownTime, said, cause }: InvitationExpired): CommandFailure {
  const [until, own] = [isoTime(expiresAt), isoTime(ownTime)]
  if (said === undefined) {
    return new CommandFailure('expired', {
      detail: `it was good until ${until}, this computer’s clock says ${own}, and the inviter, whose clock counts, could not be reached`,
      advice:
        'If this computer’s clock is wrong, set it; else ask the inviter for a new invitation.',
      disclosed: [],
      cause,
    })
  }
  if (expiresAt <= ownTime)
    return new CommandFailure('expired', { detail: `it was good until ${until}`, disclosed: [] })
  return new CommandFailure('expired', {
    detail: `by the inviter’s clock; it is good until ${until}, and this computer’s clock says ${own}`,
    advice:
      'One of the two clocks is wrong: compare them with the inviter, who can make a new invitation.',
    disclosed: [],
  })
}

/** Makes the user's error of an inviter's refusal, given to a look or a decline. */
export function failureOfRefusal({ code, reason, retryAfterMs, fields }: Refusal): CommandFailure {
  const foundBy = code === 'mismatch' ? ('inviter' as const) : undefined
  const known = { detail: reason, retryAfterMs, fields, disclosed: [], foundBy }
  return new CommandFailure(code, compact(known))
}

function failureOfOutcome(outcome: BootstrapFailed, wasBegun: boolean): CommandFailure {
  const { reason, step, state, detail, retryAfterMs, fields, heldTallyId, disclosed } = outcome
  if (reason === 'pending') return pendingFailure(outcome, wasBegun)
  if (outcome.denied !== undefined)
    return deniedFailure(outcome.denied, reason, { disclosed, wasBegun })
  // Nobody picked up: whether they said so or not is a detail of the network.
  const code = state === 'TIMEOUT' && step === 'CONNECTING' ? 'unreachable' : codeOf(reason)
  const held =
    heldTallyId === undefined
      ? []
      : [`tally ${heldTallyId} is ${tallyStatusInWords('held', false)}`]
  // Where nobody was reached, the addresses say why; a person's no was said at no step.
  const why =
    code === 'unreachable'
      ? []
      : [
          statesInWords(detail ?? reasonInWords(reason)) +
            (code === 'denied' ? '' : `, while ${stateInWords(step)}`),
        ]
  const said = why.length + held.length === 0 ? undefined : [...why, ...held].join('; ')
  const foundBy = reason === 'mismatch' ? ('inviter' as const) : undefined
  const known = { detail: said, retryAfterMs, fields, disclosed, wasBegun, foundBy }
  return new CommandFailure(code, compact(known))
}

/** Nothing failed: a person on the other side has to say yes first. */
function pendingFailure(
  { retryAfterMs, pendingUntil, disclosed }: BootstrapFailed,
  wasBegun: boolean,
): CommandFailure {
  const until = pendingUntil === undefined ? '' : ` until ${isoTime(pendingUntil)}`
  const advice = `Run the same command again later, or with --wait 1h to wait for the answer. Your place is kept${until}.`
  const known = { retryAfterMs, pendingUntil, disclosed, wasBegun, advice }
  return new CommandFailure('pending', compact(known))
}

/** Both sides had the tally, and the inviter has no more. */
function deniedFailure(
  { tallyId, since }: DeniedTally,
  said: BootstrapFailed['reason'],
  known: Pick<CommandFailureDetails, 'disclosed' | 'wasBegun'>,
): CommandFailure {
  const from = isoTime(since)
  const words = said === 'response_invalid' ? 'it began anew' : `its answer: ${reasonInWords(said)}`
  return new CommandFailure('tally_denied', {
    detail: `tally ${tallyId}, since ${from}; ${words}`,
    advice: `Your tally stays. Keep its receipt, \`taleus tally receipt ${tallyId}\`, and show it to the inviter: its data was lost, or put back from a backup.`,
    document: { tally: { tallyId, since: from }, refusal: said },
    ...known,
  })
}

/** The error code of a local reason; a refusal's code is its own. */
function codeOf(reason: BootstrapFailed['reason']): ErrorCode {
  switch (reason) {
    case 'malformed_frame':
      return 'frame_malformed'
    case 'unexpected_message':
      return 'protocol_violation'
    case 'peer_ended':
    case 'stream_lost':
      return 'transport_closed'
    case 'database_unreachable':
    case 'database_setup':
      return reason
    case 'hook_failed':
      return 'provision_failed'
    case 'store_failed':
      return 'store'
    case 'cancelled':
    case 'crashed':
    case 'parked':
      return 'interrupted'
    case 'superseded':
      return 'in_progress'
    case 'response_invalid':
    case 'receipt_invalid':
      return 'database_refused'
    case 'step_deadline':
    case 'session_deadline':
      return 'timed_out'
    default:
      return reason
  }
}

/** Adds to an error that nobody was reached where they were looked for. Others stay as they are. */
export function withAttempts(
  error: unknown,
  attempts: readonly { readonly address: string; readonly problem: string }[],
): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'unreachable')) return error
  if (attempts.length === 0) return error
  if (!(error instanceof CommandFailure))
    return new CommandFailure('unreachable', { attempts, disclosed: [], cause: error })
  const { detail, disclosed, wasBegun } = error
  return new CommandFailure(
    'unreachable',
    compact({ detail, disclosed, wasBegun, attempts, cause: error }),
  )
}
