import type { Approval, BuiltDatabase, Offer } from '../../protocol/message/messages.ts'
import type { Consent, KeptTally, Plan } from './dialer-state.ts'

/** An action that is due once the transition is durable. Each effect's result is a later event. */
export type DialerEffect =
  /** → connected | dialFailed */
  | { readonly type: 'dial'; readonly plan: Plan }
  /** → sent | sendFailed */
  | { readonly type: 'sendInspect'; readonly plan: Plan }
  /** `agreed`: the offer that it is about, if one was heard. */
  | { readonly type: 'sendContact'; readonly plan: Plan; readonly agreed?: Consent }
  | { readonly type: 'sendResult'; readonly redemptionId: string; readonly built: BuiltDatabase }
  | {
      readonly type: 'sendAcknowledgment'
      readonly redemptionId: string
      readonly responseHash: string
    }
  /** Check the response against the plan and, stock, the draft in it → responseAccepted | responseRejected. */
  | {
      readonly type: 'checkResponse'
      readonly plan: Plan
      readonly approval: Approval
      readonly contentHash?: string
      readonly offer?: Offer
    }
  /** foil: → provisioned | hookFailed */
  | { readonly type: 'provision'; readonly plan: Plan; readonly approval: Approval }
  /** Take back what was built for nobody. */
  | { readonly type: 'deprovision' }
  | { readonly type: 'close' }
  | { readonly type: 'reset' }

/** A change that is written in the same piece of work as the transition. */
export type DialerChange =
  /** Before the first dial: the attempt exists. */
  | { readonly type: 'beginAttempt'; readonly plan: Plan }
  /** foil: the hook is about to build. */
  | { readonly type: 'intendBuild'; readonly plan: Plan; readonly approval: Approval }
  /** The tally is ours: `confirmed` if the inviter has it for certain, else `held`. */
  | {
      readonly type: 'keepTally'
      readonly plan: Plan
      readonly approval: Approval
      readonly built: BuiltDatabase
      readonly contentHash?: string
      readonly status: 'held' | 'confirmed'
    }
  /** foil: the inviter's receipt came. */
  | {
      readonly type: 'confirmTally'
      readonly plan: Plan
      readonly tallyId: string
      /** The inviter's, under the receipt: it was verified. */
      readonly signature?: string
    }
  /** foil: the inviter refused what was built. */
  | { readonly type: 'discardTally'; readonly plan: Plan; readonly tallyId: string }
  /** stock: the inviter has taken back what it had committed. What is kept here stays, and says so. */
  | { readonly type: 'withdrawTally'; readonly plan: Plan }
  /** The database that our hook may have built has to go. */
  | {
      readonly type: 'oweRemoval'
      readonly plan: Plan
      readonly tallyId: string
      readonly reason: string
    }
  /** The inviter does not know the tally that is kept here. It stays. */
  | { readonly type: 'noteDenied'; readonly plan: Plan; readonly kept: KeptTally }
  /** No tally will come of this attempt; another may be begun. */
  | { readonly type: 'endAttempt'; readonly plan: Plan; readonly reason: string }
