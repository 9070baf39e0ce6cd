import { hash, randomBytes } from 'node:crypto'
import { buildDraft } from '../src/protocol/draft.ts'
import { decodeMessage } from '../src/protocol/message-codec.ts'
import type { IdentityBundle } from '../src/protocol/messages.ts'
import type { Role } from '../src/protocol/role.ts'
import { automergeDatabase } from '../src/tally/automerge-database.ts'

/** What a light client needs to know to redeem one standing invitation again and again. */
export interface LightInvitation {
  /** The inviter's role. */
  readonly role: Role
  /** As the messages carry it. */
  readonly secret: string
  readonly identity: IdentityBundle
}

const encoder = new TextEncoder()
const REDEMPTION_ID = /"redemptionId":"([^"]+)"/
const APPROVED = '"approved":true'

/** Frames of one invitee who keeps nothing: made of prepared text, checked for nothing but a yes. */
export class LightMessages {
  readonly #invitation: LightInvitation
  readonly #afterId: string

  constructor(invitation: LightInvitation) {
    this.#invitation = invitation
    const { secret, role, identity } = invitation
    this.#afterId = JSON.stringify({ secret, role, identity, cadre: [], another: true }).slice(1)
  }

  /** The first frame. @param bootstrapId the same when it is tried again */
  contact(partyId: string, bootstrapId = newBootstrapId()): Uint8Array {
    const head = `{"type":"InboundContact","bootstrapId":"${bootstrapId}","partyId":"${partyId}",`
    return encoder.encode(head + this.#afterId)
  }

  /** stock: what follows an approval. @throws Error if it is none */
  acknowledgment(response: Uint8Array): Uint8Array {
    const text = Buffer.from(response.buffer, response.byteOffset, response.length).toString()
    const [, redemptionId] = REDEMPTION_ID.exec(text) ?? []
    if (redemptionId === undefined || !text.includes(APPROVED)) {
      throw new Error(`not approved: ${text.slice(0, 300)}`)
    }
    const responseHash = hash('sha256', response, 'hex')
    return encoder.encode(
      `{"type":"Acknowledgment","redemptionId":"${redemptionId}","responseHash":"${responseHash}"}`,
    )
  }

  /** foil: what the invitee built. Costs a draft. @throws Error if the response is no approval */
  databaseResult(response: Uint8Array, localPeer: string): Uint8Array {
    const approval = decodeMessage(response)
    if (approval.type !== 'ProvisioningResult' || !approval.approved)
      throw new Error('not approved')
    const { redemptionId, tallyId, role } = approval
    const draft = buildDraft({
      tallyId,
      createdAt: approval.approvedAt,
      createdBy: role,
      stock: { partyId: localPeer, identity: this.#invitation.identity, cadre: [] },
      foil: approval,
      terms: approval.terms,
    })
    const built = {
      tally: { tallyId, createdBy: role },
      database: automergeDatabase(tallyId),
      draft,
    }
    return encoder.encode(JSON.stringify({ type: 'DatabaseResult', redemptionId, built }))
  }
}

export function newBootstrapId(): string {
  return randomBytes(13).toString('hex')
}

/** @throws Error unless the receipt says that both sides hold the tally */
export function checkReceipt(payload: Uint8Array): void {
  const receipt = decodeMessage(payload)
  if (receipt.type !== 'Receipt' || receipt.outcome !== 'confirmed') throw new Error('no receipt')
}
