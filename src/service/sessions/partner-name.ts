import { ownMember } from '../../protocol/base/own-member.ts'
import type { IdentityBundle } from '../../protocol/message/messages.ts'

/** The name among what a party has disclosed; an empty one is none. */
export function nameIn(identity: IdentityBundle | undefined): string | undefined {
  const name = identity === undefined ? undefined : ownMember(identity, 'name')
  return name === '' ? undefined : name
}
