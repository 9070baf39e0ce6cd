import { compact } from '../../protocol/base/compact.ts'
import type { DraftInput } from '../../protocol/draft/draft.ts'
import type { Approval, BuiltDatabase, Receipt, Refusal } from '../../protocol/message/messages.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Claim, ContactFacts, Grant } from '../machine/listener-state.ts'
import type { TallyRecord } from '../ports/tally.ts'
import type { Party } from '../run/party.ts'

/** One approved redemption: everything that its answers and its draft are made of. */
export interface Redemption {
  readonly claim: Claim
  readonly contact: ContactFacts
  readonly grant: Grant
  /** The invitee's peer id. */
  readonly peerId: string
  readonly party: Party
}

/** Makes the contents that the draft of this redemption must have, whoever builds it. */
export function draftInputOf(redemption: Redemption, tallyId: string): DraftInput {
  const { claim, contact, grant, party, peerId } = redemption
  const inviter = { partyId: party.peerId, identity: party.identity, cadre: party.cadre }
  const invitee = { partyId: peerId, identity: contact.identity, cadre: contact.cadre }
  return {
    tallyId,
    createdAt: claim.approvedAt,
    createdBy: grant.role,
    stock: grant.role === 'stock' ? inviter : invitee,
    foil: grant.role === 'stock' ? invitee : inviter,
    terms: grant.terms,
  }
}

/**
 * The "yes", with what was built or with the time to build it in.
 * @param signs it says what it answers, because a receipt will be signed
 */
export function approvalOf(
  redemption: Redemption,
  sessionId: string,
  rest: { readonly built: BuiltDatabase } | { readonly buildWithinMs: number },
  signs: boolean,
): Approval {
  const { claim, contact, grant, party } = redemption
  return {
    type: 'ProvisioningResult',
    approved: true,
    sessionId,
    redemptionId: claim.redemptionId,
    role: grant.role,
    partyId: party.peerId,
    identity: party.identity,
    cadre: party.cadre,
    terms: grant.terms,
    tallyId: 'built' in rest ? rest.built.tally.tallyId : claim.tallyId,
    approvedAt: claim.approvedAt,
    ...rest,
    ...(signs ? { requestHash: contact.requestHash } : {}),
  }
}

export function refusalMessage({ code, reason, ...more }: Denial): Refusal {
  const { retryAfterMs, pendingUntil, fields } = more
  const type = 'ProvisioningResult'
  return compact({ type, approved: false, code, reason, retryAfterMs, pendingUntil, fields })
}

/** foil: the receipt for a tally that is confirmed. */
export function receiptOf(redemptionId: string, tallyId: string, signature?: string): Receipt {
  return compact({ type: 'Receipt', redemptionId, tallyId, outcome: 'confirmed', signature })
}

/** foil: the receipt that makes the invitee take back what it built. */
export function refusingReceipt(
  redemptionId: string,
  tallyId: string,
  { code, reason }: Denial,
): Receipt {
  return { type: 'Receipt', redemptionId, tallyId, outcome: 'refused', code, reason }
}

/** The tally as the inviter keeps it. */
export function inviterTally(
  redemption: Redemption,
  built: BuiltDatabase,
  status: TallyRecord['status'],
): TallyRecord {
  return {
    tallyId: built.tally.tallyId,
    role: redemption.grant.role,
    partner: { peerId: redemption.peerId, identity: redemption.contact.identity },
    built,
    status,
    redemptionId: redemption.claim.redemptionId,
    createdAt: redemption.claim.approvedAt,
  }
}
