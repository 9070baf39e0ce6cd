import type { Refusal } from '../../protocol/message/messages.ts'
import type { BootstrapCompleted, BootstrapFailed } from '../../session/dialer/outcome.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import type { Disclosure } from './disclosure.ts'
import type { SeenOffer } from './seen-offer.ts'

/** The outcome of redeeming a link. Only this side's own failures are thrown. */
export type RedeemResult =
  | {
      readonly kind: 'completed'
      readonly outcome: BootstrapCompleted
      /** When this side got the tally, ms since the epoch, if that was before this run. */
      readonly since?: number
    }
  /** `wasBegun`: an earlier command may have disclosed what this one has not. */
  | { readonly kind: 'failed'; readonly outcome: BootstrapFailed; readonly wasBegun: boolean }
  /** The inviter said no when it was asked for its offer. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly denied?: DeniedTally }
  /** The offer was only looked at. */
  | {
      readonly kind: 'looked'
      readonly offer: SeenOffer
      readonly disclosure: Disclosure
      /** This side has a tally of this link already. */
      readonly tally?: TallyRecord
    }
  /** There is a tally of this link already, and the inviter, who was only to be looked at, could not be reached. */
  | { readonly kind: 'had'; readonly tally: TallyRecord }
  /** The inviter requires more than is known here. */
  | { readonly kind: 'missing'; readonly fields: readonly string[] }
  /** The user said no. */
  | { readonly kind: 'unwanted' }
  | InvitationExpired
  | { readonly kind: 'own' }
  /** The inviter's offer is not what the link says. */
  | { readonly kind: 'changed' }

/** A tally that this side has from the invitation, and that the inviter does not know. */
export type DeniedTally = NonNullable<BootstrapFailed['denied']>

/** The invitation has expired, as the inviter says, or as this computer's clock says alone. */
export interface InvitationExpired {
  readonly kind: 'expired'
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** The time by this computer's clock, in the same. */
  readonly ownTime: number
  /** The inviter's word. Absent: it could not be asked, `cause` says why. */
  readonly said: Refusal | undefined
  readonly cause?: Error
}

export type { BootstrapCompleted, BootstrapFailed, Refusal }
