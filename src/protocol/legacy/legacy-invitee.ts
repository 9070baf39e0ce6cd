import { base32 } from 'multiformats/bases/base32'
import { domainDigest } from '../base/digest.ts'
import type { Role } from '../base/role.ts'
import { tallyIdOf } from '../draft/tally-id.ts'
import type { Approval, InboundContact, Offer } from '../message/messages.ts'
import { builtOfLegacy } from './legacy-database.ts'
import { cadreOfLegacy, identityOfLegacy } from './legacy-fields.ts'
import type { LegacyContact, LegacyResponse } from './legacy-messages.ts'

// Between an invitee of today and an older inviter.

const REDEMPTION_DOMAIN = 'taleus legacy redemption 1'
const REDEMPTION_ID_BYTES = 16

/** Milliseconds for this side to build in, once it was approved: an older inviter does not say, and we take our own default. */
const LEGACY_BUILD_MS = 10_000

/** The invitation of an older inviter, and both parties. */
export interface LegacyInvitation {
  readonly token: string
  /** Public name of the token, as it is known here. */
  readonly tokenId: string
  /** The inviter's role. */
  readonly role: Role
  /** Seconds since the epoch. */
  readonly expiresAt: number
  readonly required: readonly string[]
  /** The inviter's peer id, which its connection must authenticate. */
  readonly inviter: string
  readonly localPeer: string
  /** The time that the draft is to have, ms since the epoch; the same at each try. */
  readonly approvedAt: number
}

/** All that is known of the offer is in the link: an older inviter can't be asked. */
export function offerOfLegacy({
  role,
  expiresAt,
  required,
}: Pick<LegacyInvitation, 'role' | 'expiresAt' | 'required'>): Offer {
  return { type: 'Offer', role, terms: null, required, optional: [], expiresAt }
}

export function legacyContact(
  { partyId, identity: identityBundle, cadre: cadrePeerAddrs }: InboundContact,
  { token }: Pick<LegacyInvitation, 'token'>,
): LegacyContact {
  return { token, partyId, identityBundle, cadrePeerAddrs }
}

/** Makes the approval that an older inviter's "yes" stands for. Its id is derived, so that each try has the same. @throws DraftTooLargeError */
export function approvalOfLegacy(
  response: LegacyResponse,
  contact: InboundContact,
  invitation: LegacyInvitation,
): Approval {
  const { role, inviter, localPeer, tokenId, approvedAt } = invitation
  const redemptionId = redemptionIdOf(invitation)
  const tallyId =
    response.provisionResult?.tally.tallyId ??
    tallyIdOf({ tokenId, use: 1, inviter, invitee: localPeer })
  const approval: Approval = {
    type: 'ProvisioningResult',
    approved: true,
    // It names none either.
    sessionId: redemptionId,
    redemptionId,
    role,
    partyId: inviter,
    identity: identityOfLegacy({}, response.partyId, inviter),
    cadre: cadreOfLegacy(response.cadrePeerAddrs),
    terms: null,
    tallyId,
    approvedAt,
  }
  return response.provisionResult === undefined
    ? { ...approval, buildWithinMs: LEGACY_BUILD_MS }
    : { ...approval, built: builtOfLegacy(response.provisionResult, contact, approval) }
}

function redemptionIdOf({ tokenId, inviter, localPeer }: LegacyInvitation): string {
  const origin = `${tokenId} ${inviter} ${localPeer}`
  const digest = domainDigest(REDEMPTION_DOMAIN, origin).subarray(0, REDEMPTION_ID_BYTES)
  return base32.baseEncode(digest)
}
