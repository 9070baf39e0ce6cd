import { isRelayed } from '../../protocol/link/link-address.ts'
import { ListenAddressError } from '../errors.ts'
import { parseAnnounceAddress } from './listen-address.ts'
import { addressBeyond, parseRelayAddress } from './relay-address.ts'

const PEER_AT_END = /^(.*)\/p2p\/([^/]+)$/

/**
 * Reads the address of a node that a party nominates: one that others can dial, or one beyond a relay. The party's own id
 * may stand at its end, and is left out: whoever answers there has to prove it in any case.
 * @param peerId the party's
 * @returns its canonical spelling, without peer ids
 * @throws ListenAddressError
 */
export function parseCadreAddress(text: string, peerId: string): string {
  const [, before = text, named = peerId] = PEER_AT_END.exec(text) ?? []
  if (named !== peerId) {
    throw new ListenAddressError(
      text,
      'ends in the id of another party, which can’t hold this half',
    )
  }
  return isRelayed(before) ? addressBeyond(parseRelayAddress(before)) : parseAnnounceAddress(before)
}
