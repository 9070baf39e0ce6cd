import { compact } from '../../protocol/base/compact.ts'
import type { Role } from '../../protocol/base/role.ts'
import { requestHash } from '../../protocol/message/message-hash.ts'
import type { IdentityBundle, InboundContact, Inspect } from '../../protocol/message/messages.ts'

/** The fields that decide a contact, beside the secret. */
export interface ContactFields {
  readonly bootstrapId: string
  readonly localPeer: string
  readonly role: Role
  readonly identity: IdentityBundle
  readonly cadre: readonly string[]
  readonly another: boolean
}

/** The contact that may follow a look, as far as it is known. */
export interface LookFields {
  readonly bootstrapId?: string | undefined
  readonly another: boolean
}

export function inspectMessage(secret: string, { bootstrapId, another }: LookFields): Inspect {
  return compact({ type: 'Inspect', secret, bootstrapId, another: another || undefined })
}

export function contactMessage(fields: ContactFields, secretText: string): InboundContact {
  const { bootstrapId, localPeer: partyId, role, identity, cadre, another } = fields
  return compact({
    type: 'InboundContact',
    bootstrapId,
    secret: secretText,
    partyId,
    role,
    identity,
    cadre,
    another: another || undefined,
    waits: true,
  })
}

/** The same on both sides for the same request, whatever its bootstrapId. */
export function requestHashOf(fields: Omit<ContactFields, 'bootstrapId'>): string {
  return requestHash(contactMessage({ ...fields, bootstrapId: '' }, ''))
}
