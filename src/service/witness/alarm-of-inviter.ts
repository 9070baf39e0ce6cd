import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import { decodeLink } from '../../protocol/link/link.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { witnessedParty } from './witnessed-parties.ts'

/** The inviter's peer id, if an alarm stands for it. @throws LinkError, StoreError */
export async function alarmOfInviter(
  store: Pick<RecordStore, 'query'>,
  link: string,
): Promise<string | undefined> {
  const peerId = peerIdOfPublicKey(decodeLink(link).publicKey)
  const party = await witnessedParty(store, peerId)
  return party !== undefined && party.contradictions.length > 0 ? peerId : undefined
}
