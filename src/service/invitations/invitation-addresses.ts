import {
  type AddressScope,
  addressBeyond,
  classifyAddress,
  describeScope,
  expandListenAddresses,
  likelyFirst,
  parseAnnounceAddress,
  parseRelayAddress,
  sortForLink,
  type WaysIn,
  waysIn,
} from '../../network/address/addresses.ts'
import { isRelayed } from '../../protocol/link/link-address.ts'
import { MAX_LINK_ADDRESSES } from '../../protocol/link/link-bytes.ts'
import { NoAddressError } from '../errors.ts'

export interface ScopedAddress {
  /** Multiaddr without peer id. */
  readonly address: string
  readonly scope: AddressScope
}

/** Where addresses may come from. */
export interface AddressSources {
  /** Named by the user for this one invitation. */
  readonly named: readonly string[]
  /** Told by the running listener. Absent: none runs. */
  readonly running?: readonly string[] | undefined
  /** The settings. */
  readonly announce: readonly string[]
  readonly listen: readonly string[]
  /** The relays among the settings. @default none */
  readonly relays?: readonly string[]
  /** Peer id of this node, if it is one of several: a relay must be told whom to connect to. @default it is the party itself */
  readonly ownNode?: string | undefined
  /** Of each other node of this party. They are left out where the user names some. @default there are none */
  readonly nodes?: readonly (readonly string[])[]
  /** @default this computer's */
  readonly ways?: WaysIn
}

/** The addresses that a link names, and those left out. */
export interface InvitationAddresses {
  /** Best first; at least one. */
  readonly addresses: readonly ScopedAddress[]
  /** Usable too, but more than a link holds. */
  readonly left: readonly string[]
  /** From where it can be used, in words that follow "this invitation". */
  readonly reach: string
  /** This computer's public IP addresses, if the link names none, not even a name or a relay: nobody listens there. */
  readonly unused: readonly string[]
}

/** A listener that takes any free port is not at port 0. */
const NO_PORT = /\/tcp\/0(?:\/|$)/

/**
 * The addresses of a new invitation, from the best source there is: what the user names, else the running
 * listener, else what the settings announce, else what they listen on.
 * @throws NoAddressError if nobody could dial any of them; AddressError for what is no address
 */
export function chooseAddresses({
  ways = waysIn(),
  ...sources
}: AddressSources): InvitationAddresses {
  const usable = sortForLink(candidates(sources, ways).filter((address) => !NO_PORT.test(address)))
  if (usable.length === 0) throw new NoAddressError()
  const addresses = scoped(usable.slice(0, MAX_LINK_ADDRESSES))
  const isNear = !addresses.some(isForOthers)
  return {
    addresses,
    left: usable.slice(MAX_LINK_ADDRESSES),
    reach: reachOf(addresses),
    unused: isNear ? publicHosts(ways) : [],
  }
}

/** The scopes of addresses that may lead here from anywhere. */
const MAY_BE_FAR: ReadonlySet<AddressScope> = new Set(['public', 'dns', 'relay'])

/** True of an address that is not only for who is near. */
export function isForOthers({ scope }: ScopedAddress): boolean {
  return MAY_BE_FAR.has(scope)
}

function publicHosts({ interfaces }: WaysIn): string[] {
  const hosts = Object.values(interfaces).flatMap((infos) => infos ?? [])
  return hosts
    .map(({ address }) => address)
    .filter((host) => classifyAddress(`/ip${host.includes(':') ? 6 : 4}/${host}`) === 'public')
}

/** The same addresses, each with its scope. */
export function scoped(addresses: readonly string[]): readonly ScopedAddress[] {
  return addresses.map((address) => ({ address, scope: classifyAddress(address) }))
}

export function reachOf(addresses: readonly ScopedAddress[]): string {
  return describeScope(addresses.map(({ scope }) => scope))
}

function candidates(
  { named, nodes = [], ownNode, ...own }: Omit<AddressSources, 'ways'>,
  ways: WaysIn,
): readonly string[] {
  if (named.length > 0) return named.map(parseAnnounceAddress)
  return inTurn([ofNode(ownAddresses(own, ways), ownNode), ...nodes])
}

/** Addresses of a node as links name them, with its id beyond a relay. */
export function ofNode(addresses: readonly string[], node: string | undefined): readonly string[] {
  if (node === undefined) return addresses
  return addresses.map((address) => (isRelayed(address) ? `${address}/p2p/${node}` : address))
}

/** The first of each, then the second of each: where some have to be left out, each node keeps its best. */
function inTurn(lists: readonly (readonly string[])[]): readonly string[] {
  const longest = Math.max(...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) =>
    lists.flatMap((list) => list.slice(at, at + 1)),
  ).flat()
}

function ownAddresses(
  {
    running,
    announce,
    listen,
    relays = [],
  }: Omit<AddressSources, 'ways' | 'named' | 'nodes' | 'ownNode'>,
  ways: WaysIn,
): readonly string[] {
  // Where it listens, and nowhere else: what the settings say may be what another start would do.
  if (running !== undefined) return running
  const beyond = relays.map((text) => addressBeyond(parseRelayAddress(text)))
  if (announce.length > 0) return [...announce.map(parseAnnounceAddress), ...beyond]
  return [...likelyFirst(expandListenAddresses(listen, ways.interfaces), ways), ...beyond]
}
