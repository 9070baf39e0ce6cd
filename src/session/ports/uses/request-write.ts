import type { AuditDraft } from '../../../audit/record/record.ts'
import type {
  Decision,
  EndedRequest,
  KeepRequest,
  KeptRequest,
  RequestEnd,
} from './pending-request.ts'
import type { WriteFacts } from './write-facts.ts'

/** The time of a write that nobody's session makes, and a record that is appended if it changes something. */
interface Dated {
  readonly record?: AuditDraft
  /** Wall clock, milliseconds since the epoch. */
  readonly now: number
  /** Monotonic clock, milliseconds. */
  readonly monotonic: number
}

/** A write about a request at an invitation by hand. */
export type RequestWrite =
  /** Keeps a request for the inviter's word, in place of another one of the same peer that it has taken back by it. */
  | { readonly op: 'keepRequest'; readonly request: KeepRequest; readonly facts: WriteFacts }
  /** The inviter's yes by hand: takes a use for that request, under which its peer's next contact goes on. */
  | ({
      readonly op: 'approveRequest'
      readonly id: string
      /** The peer id of this node. */
      readonly inviter: string
      /** Until when the use is held for the peer. */
      readonly heldUntil: number
    } & Dated)
  /** The inviter's no: final for that peer at that invitation. Takes back a yes that nothing was given for yet. */
  | ({
      readonly op: 'denyRequest'
      readonly id: string
      /** Told to the peer. */
      readonly reason?: string
      readonly running: ReadonlySet<string>
    } & Dated)
  /**
   * Ends a request that waits in vain: its time is over, or its invitation is. Not one that has changed meanwhile.
   * `ifOutdated`: also if its peer was shown other terms than the token has now, unless a session has ever gone on with
   * the yes: it is asked about anew.
   */
  | ({ readonly op: 'endRequest'; readonly id: string; readonly ifOutdated?: true } & Dated)

/** The answers to those writes. */
export interface RequestAnswers {
  readonly keepRequest: KeptRequest
  readonly approveRequest: Decision
  readonly denyRequest: Decision
  /** Left out: it did not end. */
  readonly endRequest: { readonly ended?: EndedRequest & { readonly end: RequestEnd } }
}
