// Addresses as people and links see them. Cheap to import: no libp2p behind it.
export { ListenAddressError } from '../errors.ts'
export type { AddressScope } from './address-scope.ts'
export { classifyAddress, describeScope, sortForLink } from './address-scope.ts'
export { parseCadreAddress, parsePlace } from './cadre-address.ts'
export { likelyFirst, type WaysIn, waysIn } from './likely-first.ts'
export {
  addressesWithoutHost,
  expandListenAddresses,
  parseAnnounceAddress,
  parseListenAddress,
} from './listen-address.ts'
export { addressBeyond, parseRelayAddress, relayOf } from './relay-address.ts'
