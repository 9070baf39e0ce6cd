import type { Role } from '../../protocol/base/role.ts'
import { requestHash } from '../../protocol/message/message-hash.ts'
import type { IdentityBundle, InboundContact } from '../../protocol/message/messages.ts'

/** What decides a contact, beside the secret. */
export interface ContactFields {
  readonly bootstrapId: string
  readonly localPeer: string
  readonly role: Role
  readonly identity: IdentityBundle
  readonly cadre: readonly string[]
  readonly another: boolean
}

export function contactMessage(fields: ContactFields, secretText: string): InboundContact {
  const { bootstrapId, localPeer: partyId, role, identity, cadre, another } = fields
  return {
    type: 'InboundContact',
    bootstrapId,
    secret: secretText,
    partyId,
    role,
    identity,
    cadre,
    ...(another ? { another } : {}),
  }
}

/** The same on both sides for the same request, whatever its bootstrapId. */
export function requestHashOf(fields: Omit<ContactFields, 'bootstrapId'>): string {
  return requestHash(contactMessage({ ...fields, bootstrapId: '' }, ''))
}
