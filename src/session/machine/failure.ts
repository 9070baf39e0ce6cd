import type { RefusalCode } from '../../protocol/message/messages.ts'

/** Causes that only this side knows; the peer is told a {@link RefusalCode}, if anything. */
export type LocalCause =
  | 'malformed_frame'
  | 'unexpected_message'
  | 'peer_ended'
  | 'stream_lost'
  /** The same, by a relay whose bound had been reached. */
  | 'relay_limit'
  | 'hook_failed'
  | DatabaseCause
  | 'store_failed'
  | 'cancelled'
  /** The node stopped; what the session held is kept for the same peer. */
  | 'parked'
  /** The process ended in the middle; told at the next start. */
  | 'crashed'
  | 'superseded'
  | DialCause
  | 'response_invalid'
  | 'receipt_invalid'
  | 'step_deadline'
  | 'session_deadline'

/** Why there is no stream to the inviter. */
export type DialCause =
  | 'unreachable'
  | 'wrong_peer'
  /** The same, with a certificate that is not by the inviter's key, or not for that node. */
  | 'node_uncertified'
  /** A node of the inviter's, whose certificate is not good at this time. */
  | 'node_lapsed'
  | 'protocol_unsupported'

/** Why a database hook failed, where it says so by the `code` of what it throws. */
export type DatabaseCause =
  /** Its server did not answer, or could not serve just now: the same again may do. */
  | 'database_unreachable'
  /** Its server answers, and is not set up for this. */
  | 'database_setup'

export type FailureReason = RefusalCode | LocalCause

/** Why a session ended without a tally, and in which step. */
export interface SessionFailure<StepName extends string> {
  readonly reason: FailureReason
  readonly step: StepName
  /** One sentence for people. Never a secret; foreign text is marked harmless where it is shown. */
  readonly detail?: string
  /** Refused with a hint: milliseconds after which trying again makes sense. */
  readonly retryAfterMs?: number
  /** `pending`: until when the request waits for the inviter's word, milliseconds since the epoch by its clock. */
  readonly pendingUntil?: number
  /** `identity_required`: the fields that are missing. */
  readonly fields?: readonly string[]
}

/** Says which deadline was missed, for people. */
export function deadlineText(step: string, reason: 'step_deadline' | 'session_deadline'): string {
  return reason === 'step_deadline' ? `no progress in ${step}` : 'the session took too long'
}

/** Reasons for which what the inviter said yes to by hand is not done. After any other the same peer may try again with that yes. */
export const ENDS_A_YES: ReadonlySet<FailureReason> = new Set([
  'expired',
  'revoked',
  'used',
  'withdrawn',
  'declined',
  'denied',
  'mismatch',
  'identity_required',
  'identity_refused',
  'cancelled',
])
