import type { RefusalCode } from '../../../../src/protocol/message/messages.ts'
import type { Receipted } from '../../../../src/protocol/receipt/receipt.ts'

/** What a client was told, and when. */
export type Told = { readonly at: number } & (
  | {
      readonly kind: 'tally'
      readonly tallyId: string
      readonly redemptionId: string
      /** The receipt that the client can show. */
      readonly receipt: Receipted | undefined
    }
  | { readonly kind: 'refused'; readonly code: RefusalCode }
)

/** One client has asked for a use of a token. Times are of one clock that all clients share, ms. */
export interface Ask {
  /** Its party id. */
  readonly client: string
  readonly tokenId: string
  /** Beside the tally that it may have. */
  readonly another: boolean
  readonly at: number
  /** Absent if it heard nothing, or that the exchange had failed: it may have come to a tally, or may yet. */
  readonly told?: Told
  /** Why the exchange failed, for people. */
  readonly failure?: string
}

/** From a moment on the inviter gives nothing new, and was told that it is so: to one client, or to nobody. */
export interface Closing {
  readonly tokenId: string
  /** Absent: the token was revoked. */
  readonly client?: string
  readonly at: number
}

/** All that clients and the inviter know of what they asked, without having looked into any store. */
export interface ClientHistory {
  readonly asks: readonly Ask[]
  readonly closings: readonly Closing[]
}
