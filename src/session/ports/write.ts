import type { AuditDraft } from '../../audit/record/record.ts'
import type { ShownCheckpoint } from '../../audit/witness/shown-checkpoint.ts'
import type { RefusalCode } from '../../protocol/message/messages.ts'
import type { Claim, Grant } from '../machine/listener-state.ts'
import type { Attempt, Lease } from './attempt.ts'
import type { ExpiredToken } from './expiry.ts'
import type { UseNotice } from './notices.ts'
import type { RemovalOrder } from './removals.ts'
import type { JournalEntry, SessionSummary } from './session-summary.ts'
import type { LostUse, TallyRecord } from './tally.ts'
import type { UpkeepWrite } from './upkeep-write.ts'
import type { EndedRequest, ReleasedUse } from './uses/pending-request.ts'
import type { RequestAnswers, RequestWrite } from './uses/request-write.ts'
import type { ReserveOutcome, ReserveRequest } from './uses/reservation.ts'
import type { WriteFacts } from './uses/write-facts.ts'

export type { WriteFacts }

interface Quoted {
  /** A claim whose fence is no longer the current one writes nothing: another session took over. */
  readonly claim: Claim
  readonly facts: WriteFacts
}

/** One record of the audit. */
export interface AuditWrite {
  readonly op: 'appendAudit'
  readonly draft: AuditDraft
}

/** A write of any session, or of the process itself. */
export type TrailWrite =
  /**
   * A session's present state and the journal entries that led to it. Lost as `over` if its stored state is final, and as
   * `fence` if somebody else has written such entries meanwhile.
   */
  | {
      readonly op: 'saveSession'
      readonly summary: SessionSummary
      /** It was not stored before; otherwise it must still be there. */
      readonly isNew: boolean
      readonly entries: readonly JournalEntry[]
    }
  /** Entries after a session's end; none if it was pruned meanwhile. */
  | {
      readonly op: 'appendLate'
      readonly sessionId: string
      readonly entries: readonly JournalEntry[]
    }
  | AuditWrite
  /** The highest wall time so far; a lower one changes nothing. */
  | { readonly op: 'rememberTime'; readonly at: number }
  /** A peer's checkpoint, judged by those that are kept of it. */
  | { readonly op: 'keepCheckpoint'; readonly shown: ShownCheckpoint }

/** A write about a database that has to be removed, or must not be. */
export type RemovalWrite =
  /**
   * Notes a removal, due at once or at `dueAt`. One that is owed already stays the one, except that a database that is
   * being removed at that time is removed again.
   */
  | {
      readonly op: 'oweRemoval'
      readonly order: RemovalOrder
      readonly now: number
      readonly dueAt?: number
    }
  /** Cancels a removal because the database is wanted again; not one that is claimed, unless by `voidClaim`. */
  | { readonly op: 'withdrawRemoval'; readonly tallyId: string; readonly voidClaim?: Lease }

/** A write of the inviter. */
export type InviterWrite =
  | { readonly op: 'reserve'; readonly request: ReserveRequest; readonly facts: WriteFacts }
  /** Finds what this peer has on a token that is refused as `denied`. */
  | {
      readonly op: 'resume'
      readonly request: Omit<ReserveRequest, 'grant'>
      readonly tokenId: string
      readonly denied: RefusalCode
      readonly facts: WriteFacts
    }
  | RequestWrite
  /** foil: the checks' approval, to be used once and under this fence only. Lost as `revoked` with the token. */
  | ({ readonly op: 'approve' } & Quoted)
  /** stock: approves, and uses the approval up for building at once. Withdraws what is owed to be removed. */
  | ({ readonly op: 'intendProvision'; readonly now: number } & Quoted)
  /** foil: uses the approval up for having the invitee build. */
  | ({
      readonly op: 'delegate'
      readonly tokenId: string
      readonly response: Uint8Array
      readonly reservedUntil: number
    } & Quoted)
  /**
   * The commit point. `response` for stock, `receipt` for foil. The tally's `opening` is kept as `confirm` does. Lost as `taken` if
   * another tally has that id.
   */
  | ({
      readonly op: 'commit'
      readonly grant: Grant
      readonly tally: TallyRecord
      readonly response?: { readonly payload: Uint8Array; readonly hash: string }
      readonly receipt?: Uint8Array
      readonly now: number
      /** The token hook has yet to be told, from `dueAt` on. */
      readonly notice?: { readonly notice: UseNotice; readonly dueAt: number }
      /** foil: the invitee has signed the receipt. */
      readonly isSigned?: boolean
    } & Quoted)
  /**
   * An offer that this peer acknowledges. The signature is the invitee's under the receipt, verified; without one a stored
   * signature stays.
   */
  | {
      readonly op: 'confirm'
      readonly redemptionId: string
      readonly responseHash: string
      readonly signature?: string
      /** Kept if it is what the bootstrapId of this redemption is the commitment to. */
      readonly opening?: string
      readonly now: number
      readonly facts: WriteFacts
    }
  /** Gives the use back, if it is still this claim's: whoever took over owns it otherwise. */
  | ({
      readonly op: 'release'
      readonly tokenId: string
      readonly reason: string
      readonly now: number
      /** Of who gave the command, if somebody did: appended if the use was released. */
      readonly record?: AuditDraft
    } & Quoted)
  | {
      readonly op: 'decline'
      readonly tokenId: string
      readonly reason?: string
      readonly now: number
      readonly facts: WriteFacts
    }
  /** A receipt of this node is good and the use that it is for is not known: no more uses are given of a token with a number. */
  | {
      readonly op: 'noteLostUse'
      readonly lost: LostUse
      /** The token to stop. */
      readonly stop?: Grant
      readonly now: number
      readonly facts: WriteFacts
    }

/** A write of the invitee. Times are milliseconds since the epoch. */
export type InviteeWrite =
  /** Quotes the lease on an attempt. Lost as `fence` if another session has it, unless it is only given back. */
  | {
      readonly op: 'quoteLease'
      readonly attemptId: string
      readonly owner: string
      /** `free` gives it back, and `leave` does so without insisting. */
      readonly as: 'hold' | 'free' | 'leave'
      /** The tally's database is being built: while the lease stands, no other process removes it. */
      readonly building?: string
    }
  /**
   * Takes the lease on an attempt, which is inserted if it is new. Lost as `busy` if another session works on this link, or
   * if the newest attempt on it is not the one that this one was planned after.
   */
  | {
      readonly op: 'beginAttempt'
      readonly attempt: Omit<Attempt, 'sessions'>
      readonly lease: Lease
      readonly after: string | undefined
      readonly now: number
    }
  /**
   * Keeps a tally, and cancels the removal that is owed of its database.
   * Lost as `overtaken` with `mustOwn` if there is none, or somebody but `voidClaim` has claimed it.
   */
  | {
      readonly op: 'keepTally'
      readonly attemptId: string
      readonly tally: TallyRecord
      readonly mustOwn: boolean
      readonly voidClaim?: Lease
      readonly tokenId: string
      /** The inviter knows this redemption again. */
      readonly known?: string
      readonly facts: WriteFacts
    }
  /** The inviter has confirmed a tally that was held. The signature is the inviter's under the receipt, verified. */
  | {
      readonly op: 'confirmTally'
      readonly attemptId: string
      readonly tallyId: string
      readonly signature?: string
    }
  /** The inviter has refused what was built. */
  | { readonly op: 'discardTally'; readonly attemptId: string; readonly tallyId: string }
  | { readonly op: 'endAttempt'; readonly attemptId: string }
  /** Marks the tally of an attempt as withdrawn by the inviter; it stays here. */
  | {
      readonly op: 'noteWithdrawn'
      readonly attemptId: string
      readonly tokenId: string
      readonly now: number
      readonly facts: WriteFacts
    }
  | { readonly op: 'noteLoss'; readonly lost: LostUse }

/** A plain value that an engine applies. Those of `UpkeepWrite` are off the way of sessions. */
export type Write = TrailWrite | RemovalWrite | InviterWrite | InviteeWrite | UpkeepWrite

/** The answers to the writes that find something out; the others have none. */
export interface AnswerTo extends RequestAnswers {
  readonly keepCheckpoint: CheckpointAnswer
  /** The claim of the process that is removing it, dead or alive. */
  readonly oweRemoval: { readonly claim?: Lease }
  /** The claim that keeps the removal from being cancelled. */
  readonly withdrawRemoval: { readonly claim?: Lease }
  readonly reserve: ReserveOutcome
  /** Left out if this peer has nothing there. */
  readonly resume: { readonly grant?: Grant; readonly outcome?: ReserveOutcome }
  /** The requests that were the peer's. */
  readonly decline: { readonly ended: readonly EndedRequest[] }
  /** As that of `withdrawRemoval`. */
  readonly intendProvision: { readonly claim?: Lease }
  /** The token's uses are all committed. */
  readonly commit: { readonly isLast: boolean }
  readonly confirm: ConfirmAnswer
  readonly release: ReleasedUse
  readonly noteLostUse: { readonly isNews: boolean; readonly isStopped: boolean }
  readonly keepTally: { readonly kept: TallyRecord }
  readonly noteWithdrawn: { readonly tallyId?: string }
  readonly claimRemoval: {
    /** `taken`: another process is removing it. `wanted`, `left`: it is owed no more. */
    readonly result: 'claimed' | 'taken' | 'wanted' | 'left'
  }
  readonly finishRemoval: Conditionally
  readonly failRemoval: Conditionally
  readonly hastenRemoval: Conditionally
  /** Those of the noted ones that had a use left; undefined if there are no more to note. */
  readonly noteExpiries: { readonly expired?: readonly ExpiredToken[] }
  readonly pruneHistory: { readonly isMore: boolean }
  readonly withdrawOffer: Conditionally
  readonly forgetToken: Conditionally
  readonly removeAttempt: Conditionally
  readonly freeLease: Conditionally
  readonly removeDocument: Conditionally
}

/** The answer to a write that may come too late. */
export interface Conditionally {
  readonly isDone: boolean
}

/** A checkpoint changes nothing about the work that it came with, whatever is wrong with it. */
export interface CheckpointAnswer {
  readonly record?: AuditDraft
  /** The alarm in words, if it is a new one. */
  readonly alarm?: string
  /** It could not be judged. */
  readonly problem?: string
}

/** `isWithdrawn`: this peer was given such an answer, and it has been withdrawn since. */
export type ConfirmAnswer =
  | { readonly isKnown: false; readonly isWithdrawn: boolean }
  /** `isNews`: false if it was confirmed before, with a signature or without: a peer may repeat itself. */
  | {
      readonly isKnown: true
      readonly tallyId: string
      readonly tokenId: string
      readonly isNews: boolean
    }

/** The answer to one write. */
export type Answer = AnswerTo[keyof AnswerTo] | undefined

/** Why a piece of work was not applied. */
export type LossReason = 'over' | 'fence' | 'revoked' | 'taken' | 'busy' | 'overtaken'
