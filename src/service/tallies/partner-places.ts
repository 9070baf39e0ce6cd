import { parseDraft } from '../../protocol/draft/draft.ts'
import { AddressError, DraftMalformedError } from '../../protocol/errors.ts'
import { addressToBytes } from '../../protocol/link/link-address.ts'
import { MAX_PARTNER_ADDRESSES } from '../../store/sync/partner-addresses.ts'
import type { Store } from '../../store/transaction/store.ts'
import type { TallyRecord } from './read-tally.ts'

/** Keeps where a partner is. Whatever can't be dialled is passed over. Durable when this resolves. */
export async function learnPlaces(
  store: Pick<Store, 'read' | 'write'>,
  peerId: string,
  addresses: readonly string[],
  at: number,
): Promise<void> {
  const sound = [...new Set(addresses)].filter(isAddress)
  const known = store.read(({ partnerAddresses }) => partnerAddresses.of(peerId))
  // The same word again is no news: it costs no write.
  if (sound.every((address, place) => known[place] === address)) return
  await store.write(({ partnerAddresses }) => partnerAddresses.learn(peerId, sound, at))
}

/** Lists where a partner may be found, the latest word first; the nodes that a draft names come last. */
export function placesOf(
  store: Pick<Store, 'read'>,
  peerId: string,
  tallies: readonly TallyRecord[],
): readonly string[] {
  const learnt = store.read(({ partnerAddresses }) => partnerAddresses.of(peerId))
  const named = tallies.flatMap(cadreOf).filter(isAddress)
  return [...new Set([...learnt, ...named])].slice(0, MAX_PARTNER_ADDRESSES)
}

function cadreOf({ built, role }: TallyRecord): readonly string[] {
  try {
    const draft = parseDraft(built.draft.text)
    return draft[role === 'stock' ? 'foil' : 'stock'].cadre
  } catch (error) {
    if (error instanceof DraftMalformedError) return []
    throw error
  }
}

function isAddress(text: string): boolean {
  try {
    addressToBytes(text)
    return true
  } catch (error) {
    if (error instanceof AddressError) return false
    throw error
  }
}
