import { type RelayBound, relayBoundText } from '../protocol/base/relay-bound.ts'
import type { LossReason } from './ports/write.ts'

/** The stream was over before the bytes could leave. */
export class TransportClosedError extends Error {
  override readonly name = 'TransportClosedError'
  readonly code = 'transport_closed'
}

/** A relay ended the connection, because it carries only so much, or for so long. Safe to retry. */
export class RelayLimitError extends Error {
  override readonly name = 'RelayLimitError'
  readonly code = 'relay_limit'
  /** A part of a sentence. */
  readonly detail: string

  constructor(bound: RelayBound, options?: ErrorOptions) {
    const detail = relayBoundText(bound)
    super(detail, options)
    this.detail = detail
  }
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

/**
 * A peer answered that is not the one in the link, nor a node that speaks for it: it shows no certificate, a wrong one
 * (`node_uncertified`), or one by that peer whose time is not now (`node_lapsed`). Nothing was sent to it.
 */
export class WrongPeerError extends Error {
  override readonly name = 'WrongPeerError'
  readonly code: 'wrong_peer' | 'node_uncertified' | 'node_lapsed'

  constructor(message?: string, options: WrongPeerOptions = {}) {
    super(message, options)
    this.code = options.code ?? 'wrong_peer'
  }
}

interface WrongPeerOptions extends ErrorOptions {
  /** @default wrong_peer */
  readonly code?: WrongPeerError['code']
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

/** A session's work was refused because something that it rested on is no longer so; nothing was written. */
export class WorkLostError extends Error {
  override readonly name = 'WorkLostError'
  readonly code = 'work_lost'
  readonly why: LossReason

  constructor(why: LossReason) {
    super(`nothing was written: ${LOSSES[why]}`)
    this.why = why
  }
}

const LOSSES: Readonly<Record<LossReason, string>> = {
  over: 'the session is over',
  fence: 'another session took over',
  revoked: 'the token was revoked',
  taken: 'the tally id belongs to another tally',
  busy: 'the link is being redeemed by another session',
  overtaken: 'what was built was taken for left behind',
}

/** This side's answer can't be put into a message: terms, disclosures or ids are out of bounds. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly code = 'answer_invalid'

  constructor(message: string, options: ErrorOptions) {
    super(message, options)
  }
}
