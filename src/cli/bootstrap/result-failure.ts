import type {
  BootstrapFailed,
  RedeemResult,
  Refusal,
} from '../../service/redeeming/redeem-result.ts'
import type { CauseCode } from '../errors/causes.ts'
import { Failure } from '../errors/errors.ts'
import { statusInWords } from '../text/tally-status.ts'

type Unfinished = Exclude<RedeemResult, { readonly kind: 'completed' | 'looked' }>

/** What did not end in a tally, as the error it is to the user. */
export function failureOf(result: Unfinished): Failure {
  switch (result.kind) {
    case 'failed':
      return failureOfOutcome(result.outcome)
    case 'refused':
      return failureOfRefusal(result.refusal)
    case 'missing':
      return new Failure('identity_required', { fields: result.fields })
    case 'unwanted':
      return new Failure('not_agreed')
    case 'expired':
      return new Failure('expired')
    case 'own':
      return new Failure('own_invitation')
    case 'changed':
      // The inviter's role or expiry is not the link's.
      return new Failure('mismatch')
    default:
      return result satisfies never
  }
}

/** The inviter said no to a question. */
export function failureOfRefusal({ code, reason, retryAfterMs, fields }: Refusal): Failure {
  return new Failure(code, {
    detail: reason,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(fields === undefined ? {} : { fields }),
  })
}

function failureOfOutcome(outcome: BootstrapFailed): Failure {
  const { reason, step, state, detail, retryAfterMs, fields, heldTallyId } = outcome
  // Nobody picked up: whether they said so or not is a detail of the network.
  const code = state === 'TIMEOUT' && step === 'CONNECTING' ? 'unreachable' : codeOf(reason)
  const held = heldTallyId === undefined ? '' : `; tally ${heldTallyId} is ${statusInWords('held')}`
  return new Failure(code, {
    detail: `${detail ?? reason}, in ${step}${held}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(fields === undefined ? {} : { fields }),
  })
}

/** Local causes by the name under which people are told; a refusal's code is its own. */
function codeOf(reason: BootstrapFailed['reason']): CauseCode {
  switch (reason) {
    case 'malformed_frame':
      return 'frame_malformed'
    case 'unexpected_message':
      return 'protocol_violation'
    case 'peer_ended':
    case 'stream_lost':
      return 'transport_closed'
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
    case 'offer_changed':
      // The offer differs from the link, or from what was agreed to; the detail says how.
      return 'mismatch'
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
