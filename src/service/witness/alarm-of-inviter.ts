import { decodeLink } from '../../protocol/link.ts'
import { peerIdOfPublicKey } from '../../protocol/peer-id-text.ts'
import type { Store } from '../../store/store.ts'
import { witnessedParty } from './witnessed-parties.ts'

/** The inviter's peer id, if an alarm stands for it. @throws LinkError, StoreError */
export function alarmOfInviter(store: Store, link: string): string | undefined {
  const peerId = peerIdOfPublicKey(decodeLink(link).publicKey)
  const party = witnessedParty(store, peerId)
  return party !== undefined && party.contradictions.length > 0 ? peerId : undefined
}
