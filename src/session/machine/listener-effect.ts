import type { BuiltDatabase, Offer } from '../../protocol/message/messages.ts'
import type { ReceiptMarks } from '../../protocol/receipt/receipt.ts'
import type { Denial } from './listener-event.ts'
import type { Claim, ContactFacts, Grant } from './listener-state.ts'

/** An action that is due once the transition is durable. Each effect's result is a later event. */
export type ListenerEffect =
  /**
   * Ask the token hook what the presented token offers, and the ledger whether this peer could have it
   * → offerReady | tokenRefused | hookFailed.
   */
  | {
      readonly type: 'describeOffer'
      readonly tokenId: string
      readonly bootstrapId?: string
      readonly another?: true
    }
  /**
   * Ask the token hook, then reserve a use
   * → useHeld | tokenReserved | tokenReplayed | tokenRefused | approvalNeeded | hookFailed.
   */
  | { readonly type: 'claimToken'; readonly tokenId: string; readonly contact: ContactFacts }
  /** Ask the host for the use that is reserved here → tokenReserved | tokenRefused | hookFailed. */
  | { readonly type: 'askHost'; readonly grant: Grant; readonly claim: Claim }
  /** Ask the token hook whether the decline is the holder's, and the ledger what is left → declineRecognised | tokenRefused. */
  | { readonly type: 'checkDecline'; readonly tokenId: string; readonly reason?: string }
  /** → identityAccepted | identityRefused | hookFailed */
  | { readonly type: 'checkIdentity'; readonly contact: ContactFacts; readonly grant: Grant }
  /** Keep the request for the inviter's word → requestKept | tokenRefused */
  | { readonly type: 'keepRequest'; readonly contact: ContactFacts; readonly grant: Grant }
  /** → provisioned | provisionRefused | hookFailed */
  | {
      readonly type: 'provision'
      readonly contact: ContactFacts
      readonly grant: Grant
      readonly claim: Claim
    }
  /** → delegated | provisionRefused */
  | {
      readonly type: 'delegate'
      readonly contact: ContactFacts
      readonly grant: Grant
      readonly claim: Claim
    }
  /** → databaseAccepted | databaseReplayed | databaseRefused | databaseContradicted | hookFailed */
  | {
      readonly type: 'verifyDatabase'
      readonly built: BuiltDatabase
      /** The invitee's, under the receipt. */
      readonly signature?: string
      readonly opening?: string
      readonly contact: ContactFacts
      readonly grant: Grant
      readonly claim: Claim
    }
  /** Is the signature under the receipt the invitee's? → acknowledgmentVerified | acknowledgmentForged */
  | {
      readonly type: 'verifyAcknowledgment'
      readonly redemptionId: string
      readonly responseHash: string
      readonly signature: string
      readonly opening?: string
    }
  /** → sent | sendFailed */
  | { readonly type: 'sendOffer'; readonly offer: Offer }
  /** The response that the commit stored, byte for byte → sent | sendFailed. */
  | { readonly type: 'sendStoredResponse'; readonly redemptionId: string }
  /** The receipt that the commit stored; then close. */
  | { readonly type: 'sendStoredReceipt'; readonly redemptionId: string }
  /** Say no, then close. Best effort. */
  | { readonly type: 'refuse'; readonly denial: Denial }
  /** foil: a receipt that says no: the invitee takes back what it built. Then close. */
  | {
      readonly type: 'refuseReceipt'
      readonly denial: Denial
      readonly claim: Claim
      readonly tallyId: string
    }
  /** Tell the token hook that the use is spent. */
  | { readonly type: 'markUsed'; readonly claim: Claim; readonly tokenId: string }
  /** Tell the token hook that the use is free again. */
  | { readonly type: 'releaseUse'; readonly claim: Claim; readonly tokenId: string }
  /** Take back what was built, or what a failed hook may have left. */
  | { readonly type: 'deprovision' }
  /** Half-close and wait for the other side; before that, say no if what this transition confirms was withdrawn. */
  | { readonly type: 'close'; readonly ifWithdrawn?: Denial }
  /** End the stream now. */
  | { readonly type: 'reset' }

/** A change that is written in the same piece of work as the transition. */
export type ListenerChange =
  /** foil: the checks are passed; what they allowed is used up by `delegateProvision`. */
  | { readonly type: 'approve'; readonly claim: Claim; readonly grant: Grant }
  /**
   * stock: the checks are passed, and the hook is about to build; after a crash there may be something to
   * find.
   */
  | { readonly type: 'intendProvision'; readonly claim: Claim; readonly grant: Grant }
  /** foil: approved, the invitee builds; the response is stored, the use held until it must be back. */
  | {
      readonly type: 'delegateProvision'
      readonly claim: Claim
      readonly contact: ContactFacts
      readonly grant: Grant
      readonly buildWithinMs: number
    }
  /** stock: the commit point: redemption, tally and response bytes. */
  | {
      readonly type: 'commitBuilt'
      readonly claim: Claim
      readonly contact: ContactFacts
      readonly grant: Grant
      readonly built: BuiltDatabase
    }
  /** foil: the commit point: redemption, tally and receipt bytes. */
  | {
      readonly type: 'commitDelegated'
      readonly claim: Claim
      readonly contact: ContactFacts
      readonly grant: Grant
      readonly built: BuiltDatabase
      readonly receipt?: ReceiptMarks
    }
  /** The invitee stored our response. */
  | {
      readonly type: 'confirm'
      readonly redemptionId: string
      readonly peerId: string
      readonly responseHash: string
      /** The invitee's, under the receipt: it was verified. */
      readonly signature?: string
      /** The invitee's share in the words to compare; the store knows whether it is the right one. */
      readonly opening?: string
    }
  /** A peer has acknowledged with a signature that is not the invitee's. Nothing is undone, and nothing confirmed. */
  | { readonly type: 'noteForgery'; readonly redemptionId: string }
  /** Before the commit point only: the use is free again. */
  | {
      readonly type: 'release'
      readonly claim: Claim
      readonly tokenId: string
      readonly reason: string
    }
  /** The database that a hook may have built has to go. */
  | {
      readonly type: 'oweRemoval'
      readonly claim: Claim
      readonly tallyId: string
      readonly reason: string
    }
  /** The offer is over for this peer. */
  | {
      readonly type: 'decline'
      readonly tokenId: string
      readonly peerId: string
      readonly reason?: string
    }
