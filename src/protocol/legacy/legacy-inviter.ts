import { base32 } from 'multiformats/bases/base32'
import { compact } from '../base/compact.ts'
import { domainDigest } from '../base/digest.ts'
import { readLegacyToken } from '../link/legacy-token.ts'
import { secretToText, tokenIdOf } from '../link/secret.ts'
import { requestHash } from '../message/message-hash.ts'
import type { Approval, DatabaseResultMessage, InboundContact } from '../message/messages.ts'
import { builtOfLegacy, legacyDatabase } from './legacy-database.ts'
import { cadreOfLegacy, identityOfLegacy } from './legacy-fields.ts'
import type { LegacyContact, LegacyDatabase, LegacyResponse } from './legacy-messages.ts'

// Between an older invitee and an inviter of today.

const BOOTSTRAP_DOMAIN = 'taleus legacy bootstrap 1'
const BOOTSTRAP_ID_BYTES = 16

/**
 * Makes the request that an older contact stands for. It names no bootstrap: the same contact of the same peer is the
 * same one, and is answered as it was before.
 * @param peerId the peer that the connection authenticated
 */
export function contactOfLegacy(contact: LegacyContact, peerId: string): InboundContact {
  const { role, secret } = readLegacyToken(contact.token)
  const said: InboundContact = {
    type: 'InboundContact',
    bootstrapId: '',
    secret: secretToText(secret),
    partyId: peerId,
    role,
    identity: identityOfLegacy(contact.identityBundle, contact.partyId, peerId),
    cadre: cadreOfLegacy(contact.cadrePeerAddrs),
  }
  const origin = `${tokenIdOf(secret)} ${requestHash(said)}`
  const digest = domainDigest(BOOTSTRAP_DOMAIN, origin).subarray(0, BOOTSTRAP_ID_BYTES)
  return { ...said, bootstrapId: base32.baseEncode(digest) }
}

/** Puts an approval into the words of the older protocol. What it has no member for is not told: terms, draft, credential. */
export function legacyApproval({ partyId, cadre, built }: Approval): LegacyResponse {
  return compact({
    approved: true,
    partyId,
    cadrePeerAddrs: cadre,
    provisionResult: built && legacyDatabase(built),
  })
}

/** foil: makes the result that an older invitee's second message stands for. @throws DraftTooLargeError */
export function resultOfLegacy(
  result: LegacyDatabase,
  contact: InboundContact,
  approval: Approval,
): DatabaseResultMessage {
  const { redemptionId } = approval
  return { type: 'DatabaseResult', redemptionId, built: builtOfLegacy(result, contact, approval) }
}
