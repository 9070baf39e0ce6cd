import { AddressError } from '../../protocol/errors.ts'
import { addressToBytes, addressToText } from '../../protocol/link/link-address.ts'
import { ListenAddressError } from '../errors.ts'
import { classifyAddress } from './address-scope.ts'

const DIALABLE =
  /^\/(?:ip[46]|dns[46]?)\/[^/]+\/tcp\/\d+(?:\/ws|\/tls(?:\/sni\/[^/]+)?\/ws|\/wss)?$/

/** The one spelling of an address. @throws ListenAddressError if it is none that a link can carry */
export function canonicalAddress(text: string): string {
  const canonical = canonicalOrNone(text)
  if (canonical !== undefined) return canonical
  throw new ListenAddressError(text, 'is not a multiaddr of a host and a way to reach it')
}

/** Says, in words that follow the address, why others can't dial it; undefined if they can. */
export function dialableProblem(canonical: string): string | undefined {
  if (!DIALABLE.test(canonical) || canonical.includes('/tcp/0')) {
    return 'can not be dialled: use /ip4, /ip6 or /dns with /tcp and a port'
  }
  return classifyAddress(canonical) === 'unspecified'
    ? 'is every address of this machine and none that others can dial'
    : undefined
}

function canonicalOrNone(text: string): string | undefined {
  try {
    return addressToText(addressToBytes(text))
  } catch (error) {
    if (error instanceof AddressError) return undefined
    throw error
  }
}
