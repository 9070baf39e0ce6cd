import { parseCadreAddress } from '../../network/address/addresses.ts'

/**
 * Reads the addresses of the nodes that a party nominates, each once.
 * @returns their canonical spellings, without peer ids
 * @throws ListenAddressError
 */
export function parseCadre(texts: readonly string[], peerId: string): readonly string[] {
  return [...new Set(texts.map((text) => parseCadreAddress(text, peerId)))]
}
