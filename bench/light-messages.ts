import { hash, randomBytes } from 'node:crypto'
import type { Role } from '../src/protocol/base/role.ts'
import { buildDraft } from '../src/protocol/draft/draft.ts'
import { secretFromText, tokenIdOf } from '../src/protocol/link/secret.ts'
import { decodeMessage } from '../src/protocol/message/message-codec.ts'
import type { Approval, BuiltDatabase, IdentityBundle } from '../src/protocol/message/messages.ts'
import { responseContentHash } from '../src/protocol/receipt/receipt.ts'
import { automergeDatabase } from '../src/tally/automerge-database.ts'
import { signReceipt } from './signing-node.ts'

/** What a light client needs to know to redeem one standing invitation again and again. */
export interface LightInvitation {
  /** The inviter's role. */
  readonly role: Role
  /** As the messages carry it. */
  readonly secret: string
  readonly identity: IdentityBundle
}

const encoder = new TextEncoder()

/** Frames of one invitee who keeps nothing: made of prepared text, checked for nothing but a yes. */
export class LightMessages {
  readonly #invitation: LightInvitation
  readonly #afterId: string
  readonly #tokenId: string

  constructor(invitation: LightInvitation) {
    this.#invitation = invitation
    const { secret, role, identity } = invitation
    this.#tokenId = tokenIdOf(secretFromText(secret))
    this.#afterId = JSON.stringify({ secret, role, identity, cadre: [], another: true }).slice(1)
  }

  /** The first frame. @param bootstrapId the same when it is tried again */
  contact(partyId: string, bootstrapId = newBootstrapId()): Uint8Array {
    const head = `{"type":"InboundContact","bootstrapId":"${bootstrapId}","partyId":"${partyId}",`
    return encoder.encode(head + this.#afterId)
  }

  /** stock: what follows an approval, signed as an invitee does. @throws Error if it is none */
  acknowledgment(response: Uint8Array, localPeer: string): Uint8Array {
    const approval = read(response)
    const { redemptionId } = approval
    if (approval.built === undefined) throw new Error('nothing was built')
    const responseHash = hash('sha256', response, 'hex')
    const said = { type: 'Acknowledgment', redemptionId, responseHash }
    const signed = this.#signature(approval, approval.built, localPeer)
    return encoder.encode(JSON.stringify({ ...said, ...signed }))
  }

  /** foil: what the invitee built. Costs a draft. @throws Error if the response is no approval */
  databaseResult(response: Uint8Array, localPeer: string): Uint8Array {
    const approval = read(response)
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
    const signed = this.#signature(approval, built, localPeer)
    return encoder.encode(
      JSON.stringify({ type: 'DatabaseResult', redemptionId, built, ...signed }),
    )
  }

  #signature(approval: Approval, built: BuiltDatabase, invitee: string): { signature?: string } {
    const { redemptionId, partyId: inviter, role, approvedAt, requestHash: request } = approval
    if (request === undefined) return {}
    const draft = built.draft.sha256
    const { tallyId } = built.tally
    const response = responseContentHash(approval)
    const about = { redemptionId, tokenId: this.#tokenId, tallyId, draft, request, response }
    return { signature: signReceipt({ v: 1, ...about, inviter, invitee, role, approvedAt }) }
  }
}

/** Not checked field by field: that is the invitee's work, and not what is measured. @throws Error if it is none */
function read(response: Uint8Array): Approval {
  const text = Buffer.from(response.buffer, response.byteOffset, response.length).toString()
  const approval: Approval = JSON.parse(text)
  if (approval.approved !== true) throw new Error(`not approved: ${text.slice(0, 300)}`)
  return approval
}

export function newBootstrapId(): string {
  return randomBytes(13).toString('hex')
}

/** @throws Error unless the receipt says that both sides hold the tally */
export function checkReceipt(payload: Uint8Array): void {
  const receipt = decodeMessage(payload)
  if (receipt.type !== 'Receipt' || receipt.outcome !== 'confirmed') throw new Error('no receipt')
}
