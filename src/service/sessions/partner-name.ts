import { ownMember } from '../../protocol/base/own-member.ts'
import type { IdentityBundle } from '../../protocol/message/messages.ts'
import type { Store } from '../../store/transaction/store.ts'

/** The name that the partner of a tally has disclosed, if it has. Foreign text. @throws StoreError */
export function partnerName(store: Store, tallyId: string): string | undefined {
  return nameIn(store.read(({ tallies }) => tallies.partnerIdentity(tallyId)))
}

/** The name among what a party has disclosed; an empty one is none. */
export function nameIn(identity: IdentityBundle | undefined): string | undefined {
  const name = identity === undefined ? undefined : ownMember(identity, 'name')
  return name === '' ? undefined : name
}
