import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import { decodeLink } from '../../protocol/link/link.ts'
import type { Store } from '../../store/transaction/store.ts'
import { witnessedParty } from './witnessed-parties.ts'

/** The inviter's peer id, if an alarm stands for it. @throws LinkError, StoreError */
export function alarmOfInviter(store: Store, link: string): string | undefined {
  const peerId = peerIdOfPublicKey(decodeLink(link).publicKey)
  const party = witnessedParty(store, peerId)
  return party !== undefined && party.contradictions.length > 0 ? peerId : undefined
}
