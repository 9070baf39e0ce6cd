import type { FailureReason } from '../../session/machine/failure.ts'

/** Every reason for which a session ends without a tally, in words that follow "failed: ". The telling ones come first: columns are narrow. */
const REASONS: Readonly<Record<FailureReason, string>> = {
  invalid_token: 'unknown invitation',
  expired: 'expired invitation',
  revoked: 'revoked invitation',
  paused: 'paused invitation',
  used: 'used-up invitation',
  withdrawn: 'withdrawn offer',
  declined: 'declined invitation',
  mismatch: 'terms that differ',
  pending: 'waiting for a yes or no',
  in_progress: 'earlier attempt under way',
  identity_required: 'required fields missing',
  identity_refused: 'identity not accepted',
  party_id_mismatch: 'party id of somebody else',
  provision_failed: 'database not built',
  database_refused: 'database not accepted',
  protocol_violation: 'protocol not kept',
  timed_out: 'other side took too long',
  denied: 'peer denied',
  busy: 'too many sessions at once',
  rate_limited: 'too many attempts lately',
  draining: 'inviter was stopping',
  internal: 'inviter had a fault',
  malformed_frame: 'no message in what came',
  unexpected_message: 'message out of turn',
  peer_ended: 'other side hung up',
  stream_lost: 'connection lost',
  relay_limit: 'limit of the relay reached',
  hook_failed: 'hook failed',
  database_unreachable: 'database server not reached',
  database_setup: 'database server not set up for it',
  store_failed: 'store failed',
  cancelled: 'cancelled here',
  parked: 'parked until it comes again',
  crashed: 'process ended midway',
  superseded: 'newer attempt took over',
  unreachable: 'inviter not reached',
  wrong_peer: 'somebody else answered',
  node_uncertified: 'somebody with a wrong certificate answered',
  node_lapsed: 'inviter’s node has a certificate that is not good now',
  protocol_unsupported: 'protocol not spoken there',
  offer_changed: 'offer had changed',
  response_invalid: 'answer not in order',
  receipt_invalid: 'receipt not in order',
  step_deadline: 'step took too long',
  session_deadline: 'session took too long',
}

/** The reason in words; one of another version without its underscores. */
export function reasonInWords(reason: string): string {
  return isReason(reason) ? REASONS[reason] : reason.replaceAll('_', ' ')
}

function isReason(reason: string): reason is FailureReason {
  return Object.hasOwn(REASONS, reason)
}

/** Whether a deadline was the reason: the words for the state it was in say all there is to say. */
export function isDeadline(reason: string | null | undefined): boolean {
  return reason === 'step_deadline' || reason === 'session_deadline'
}
