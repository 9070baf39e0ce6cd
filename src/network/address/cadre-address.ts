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

/**
 * Parses an address at which a party was met, or is to be: as one of its nodes, or that of another node of its beyond a relay, which
 * has to be told whom to connect to. That one stands at the end, and has to prove for whom it speaks in any case.
 * @throws ListenAddressError
 */
export function parsePlace(text: string, peerId: string): string {
  const [, before = text, named = peerId] = PEER_AT_END.exec(text) ?? []
  if (named === peerId || !isRelayed(before)) return parseCadreAddress(text, peerId)
  return `${parseCadreAddress(before, peerId)}/p2p/${named}`
}
