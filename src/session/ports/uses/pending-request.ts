import { domainDigest } from '../../../protocol/base/digest.ts'
import { canonicalJson } from '../../../protocol/json/canonical-json.ts'
import type { IdentityBundle } from '../../../protocol/message/messages.ts'
import type { Claim, Grant } from '../../machine/listener-state.ts'
import type { RefusedUse, ReserveRequest } from './reservation.ts'

/** A request at an invitation by hand, from when it is kept until its tally is there. Times are milliseconds since the epoch. */
export interface PendingRequest {
  /** That of the session which asked. */
  readonly id: string
  readonly tokenId: string
  readonly peerId: string
  readonly bootstrapId: string
  readonly requestHash: string
  /** Of what the invitation grants, as it was when the request came: `grantDigest`. */
  readonly grantHash: string
  /** Another tally than the peer may have already. */
  readonly another: boolean
  /** The one that a yes begins. */
  readonly redemptionId: string
  readonly identity: IdentityBundle
  readonly cadre: readonly string[]
  readonly remoteAddress?: string
  readonly since: number
  /** Until when it waits for a yes or no; after a yes, until when its use is held. */
  readonly until: number
  /** When the inviter said yes. */
  readonly approvedAt?: number
}

/** The ids of requests that wait, by peer; without peers of whom none does. */
export type WaitingByPeer = ReadonlyMap<string, ReadonlySet<string>>

/** A request to be kept until the inviter says yes or no. */
export interface KeepRequest extends ReserveRequest {
  readonly identity: IdentityBundle
  readonly cadre: readonly string[]
  readonly remoteAddress?: string
  readonly until: number
}

/** A request that is over. */
export interface EndedRequest {
  readonly request: PendingRequest
  /** The use that was held for it, and is free again. */
  readonly claim?: Claim
}

/** The result of giving a use back. */
export interface ReleasedUse {
  /** False if another session took over. */
  readonly isReleased: boolean
  /** The request that had the inviter's yes: it is over. */
  readonly request?: PendingRequest
}

/** The result of keeping a request. */
export type KeptRequest =
  | { readonly kind: 'kept'; readonly request: PendingRequest; readonly replaced?: EndedRequest }
  | RefusedUse

/** Why the inviter's word changed nothing. */
export type NotDecided =
  /** No such request waits. */
  | 'gone'
  | 'lapsed'
  | 'revoked'
  /** No use of the invitation is left. */
  | 'no_use'
  /** The inviter had said yes before. */
  | 'approved'
  /** Its session is under way, or it was answered. */
  | 'under_way'

/** The result of the inviter's word. */
export type Decision =
  | { readonly kind: 'approved'; readonly request: PendingRequest; readonly claim: Claim }
  /** `others`: what else the peer had asked for at that invitation. */
  | ({ readonly kind: 'denied'; readonly others?: readonly EndedRequest[] } & EndedRequest)
  | { readonly kind: 'none'; readonly why: NotDecided; readonly request?: PendingRequest }

/** Why a request waits no more, or a yes to it is gone, without the inviter's no. */
export type RequestEnd =
  | 'lapsed'
  | 'revoked'
  | 'used'
  | 'declined'
  | 'replaced'
  /** The invitation has other terms than its peer was shown: it is asked about anew. */
  | 'changed'
  /** The operator gave back the use that the yes held. */
  | 'cancelled'
  /** Its peer came for the yes, and was refused for what it is or has built. */
  | 'refused'

const GRANT_DOMAIN = 'taleus grant 1'

/** Hashes what a yes is about, beside the request itself: 64 hex digits. */
export function grantDigest({ role, terms, required, optional }: Grant): string {
  const shown = canonicalJson({ role, terms, required, optional })
  return Buffer.from(domainDigest(GRANT_DOMAIN, shown)).toString('hex')
}

/** Requests that wait at one invitation: more than a person looks through, and the link is in too many hands then. */
export const MAX_REQUESTS_PER_TOKEN = 1_000
/** Requests of one peer, at all invitations: a household's, as with sessions. */
export const MAX_REQUESTS_PER_PEER = 10
/** Requests that wait at all invitations, beyond the first few of each: some tens of MiB, and a second to list. */
export const MAX_REQUESTS = 10_000
/** Requests that each invitation has room for, whatever waits at others: a crowd at one link takes no place from another. */
export const ROOM_OF_EACH_TOKEN = 16

/** News of a request. `over`: it ended without the inviter's word, for that cause. */
export type RequestNews =
  | { readonly state: 'waiting' | 'approved' | 'denied'; readonly request: PendingRequest }
  | { readonly state: 'over'; readonly request: PendingRequest; readonly cause: RequestEnd }
