import type { Claim, Grant } from './machine/listener-state.ts'

/** The stream was over before the bytes could leave. */
export class TransportClosedError extends Error {
  override readonly name = 'TransportClosedError'
  readonly code = 'transport_closed'
}

/** No address of the link answered. Safe to retry. */
export class PeerUnreachableError extends Error {
  override readonly name = 'PeerUnreachableError'
  readonly code = 'unreachable'
  /** Each address tried, with its problem. */
  readonly attempts: readonly { readonly address: string; readonly problem: string }[]

  constructor(
    attempts: readonly { readonly address: string; readonly problem: string }[],
    options?: ErrorOptions,
  ) {
    super('no address of the inviter answered', options)
    this.attempts = attempts
  }
}

/** A peer answered that is not the one in the link. Nothing was sent to it. */
export class WrongPeerError extends Error {
  override readonly name = 'WrongPeerError'
  readonly code = 'wrong_peer'
}

/** The peer answered, but does not speak the bootstrap protocol. */
export class ProtocolUnsupportedError extends Error {
  override readonly name = 'ProtocolUnsupportedError'
  readonly code = 'protocol_unsupported'
}

/** A session that is over was to change its state. A defect in the caller; nothing was written. */
export class FinalStateError extends Error {
  override readonly name = 'FinalStateError'
  readonly code = 'final_state'
  readonly sessionId: string

  constructor(sessionId: string) {
    super(`session ${sessionId} is over and can't change its state`)
    this.sessionId = sessionId
  }
}

/**
 * The disk did not answer in time. What was begun may be stored or not: the same link, redeemed again, goes on with
 * whatever is.
 */
export class CommitInDoubtError extends Error {
  override readonly name = 'CommitInDoubtError'
  readonly code = 'commit_in_doubt'
  readonly sessionId: string

  constructor(sessionId: string) {
    super(`the disk did not answer in time for session ${sessionId}`)
    this.sessionId = sessionId
  }
}

/** Another session took over this redemption; nothing was written. */
export class FenceLostError extends Error {
  override readonly name = 'FenceLostError'
  readonly code = 'fence_lost'
  readonly redemptionId: string

  constructor(redemptionId: string) {
    super(`redemption ${redemptionId} was taken over`)
    this.redemptionId = redemptionId
  }
}

/** Another session works on this link already; nothing was written. */
export class AttemptBusyError extends Error {
  override readonly name = 'AttemptBusyError'
  readonly code = 'attempt_busy'

  constructor(linkHash: string) {
    super(`link ${linkHash} is being redeemed`)
  }
}

/** The database that this session has built is being removed, or was, because its lease was over; nothing was written. */
export class BuildOvertakenError extends Error {
  override readonly name = 'BuildOvertakenError'
  readonly code = 'build_overtaken'

  constructor(tallyId: string) {
    super(`the database of tally ${tallyId} was taken for left behind`)
  }
}

/** The id of a tally that was built belongs to another one here; nothing was written. */
export class TallyTakenError extends Error {
  override readonly name = 'TallyTakenError'
  readonly code = 'tally_taken'
  readonly tallyId: string
  /** True if the invitee has built it. */
  readonly isDelegated: boolean

  constructor(tallyId: string, isDelegated: boolean) {
    super(`tally id ${tallyId} belongs to another tally`)
    this.tallyId = tallyId
    this.isDelegated = isDelegated
  }
}

/** This side's answer can't be put into a message: terms, disclosures or ids are out of bounds. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly code = 'answer_invalid'

  constructor(message: string, options: ErrorOptions) {
    super(message, options)
  }
}

/** The token was revoked after it was checked; nothing was written. */
export class ApprovalVoidError extends Error {
  override readonly name = 'ApprovalVoidError'
  readonly code = 'approval_void'
  readonly claim: Claim
  readonly grant: Grant

  constructor(claim: Claim, grant: Grant) {
    super(`token ${grant.tokenId} was revoked`)
    this.claim = claim
    this.grant = grant
  }
}
