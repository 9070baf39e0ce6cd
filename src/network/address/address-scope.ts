import { BlockList, isIPv4 } from 'node:net'
import { isRelayed } from '../../protocol/link/link-address.ts'

/**
 * The part of the world from which an address can be reached. `reserved`: set aside for examples, tests and the like, so
 * that it leads somewhere only in a network that is made for it. `multicast`: of a group, and no one's to dial.
 */
export type AddressScope =
  | 'loopback'
  | 'link-local'
  | 'private'
  | 'reserved'
  | 'cgnat'
  | 'public'
  | 'relay'
  | 'unspecified'
  | 'multicast'
  | 'dns'

type IpScope = Exclude<AddressScope, 'public' | 'relay' | 'dns'>

/** After IANA's registries of special-purpose addresses (RFC 6890 and what updates it); of two that fit, the first counts. */
const RANGES: readonly (readonly [IpScope, string, number, 'ipv4' | 'ipv6'])[] = [
  ['unspecified', '0.0.0.0', 8, 'ipv4'],
  ['unspecified', '::', 128, 'ipv6'],
  ['loopback', '127.0.0.0', 8, 'ipv4'],
  ['loopback', '::1', 128, 'ipv6'],
  ['link-local', '169.254.0.0', 16, 'ipv4'],
  ['link-local', 'fe80::', 10, 'ipv6'],
  ['private', '10.0.0.0', 8, 'ipv4'],
  ['private', '172.16.0.0', 12, 'ipv4'],
  ['private', '192.168.0.0', 16, 'ipv4'],
  ['private', 'fc00::', 7, 'ipv6'],
  // Site-local, deprecated by RFC 3879, which unique local addresses came after.
  ['private', 'fec0::', 10, 'ipv6'],
  ['cgnat', '100.64.0.0', 10, 'ipv4'],
  // Of protocols, e.g. DS-Lite; documentation; 6to4's relays, which are no more; benchmarks.
  ['reserved', '192.0.0.0', 24, 'ipv4'],
  ['reserved', '192.0.2.0', 24, 'ipv4'],
  ['reserved', '198.51.100.0', 24, 'ipv4'],
  ['reserved', '203.0.113.0', 24, 'ipv4'],
  ['reserved', '192.88.99.0', 24, 'ipv4'],
  ['reserved', '198.18.0.0', 15, 'ipv4'],
  ['multicast', '224.0.0.0', 4, 'ipv4'],
  ['multicast', '255.255.255.255', 32, 'ipv4'],
  ['reserved', '240.0.0.0', 4, 'ipv4'],
  ['multicast', 'ff00::', 8, 'ipv6'],
  // Whoever is at the other end of a translation or a tunnel is not reached from everywhere: IPv4-compatible addresses,
  // NAT64, Teredo with other protocols' and benchmarks' addresses, 6to4.
  ['reserved', '::', 96, 'ipv6'],
  ['reserved', '64:ff9b::', 96, 'ipv6'],
  ['reserved', '64:ff9b:1::', 48, 'ipv6'],
  ['reserved', '2001::', 23, 'ipv6'],
  ['reserved', '2002::', 16, 'ipv6'],
  // What is sent there is thrown away; documentation; segment routing.
  ['reserved', '100::', 64, 'ipv6'],
  ['reserved', '2001:db8::', 32, 'ipv6'],
  ['reserved', '3fff::', 20, 'ipv6'],
  ['reserved', '5f00::', 16, 'ipv6'],
]

const blocks = RANGES.map(([scope, net, prefix, family]) => {
  const block = new BlockList()
  block.addSubnet(net, prefix, family)
  return { scope, block }
})

/** Lower is better. Names mostly stand for public hosts. */
const RANK: Readonly<Record<AddressScope, number>> = {
  public: 0,
  dns: 0,
  relay: 1,
  cgnat: 2,
  private: 3,
  'link-local': 4,
  reserved: 5,
  loopback: 6,
  unspecified: 7,
  multicast: 7,
}

/** Names that the internet's registry does not know; RFC 6762, RFC 8375, and ICANN's reservation for private use. */
const LOCAL_NAME = /(?:^|\.)(?:local|home\.arpa|internal)$/i
const OWN_NAME = /(?:^|\.)localhost$/i

/** The words for addresses that nobody has tried, and that may lead here from anywhere. */
const NOT_TRIED = 'may be reached from anywhere; not tried'

/**
 * Tells the scope of a multiaddr's text by its first component. A relay brings in those who can reach it: one on a private
 * network has that network's scope.
 */
export function classifyAddress(address: string): AddressScope {
  const scope = scopeOfHost(address)
  return isRelayed(address) && RANK[scope] === RANK.public ? 'relay' : scope
}

function scopeOfHost(address: string): AddressScope {
  const [, kind, host = ''] = address.split('/')
  if (kind !== 'ip4' && kind !== 'ip6') return scopeOfName(host)
  const family = isIPv4(host) ? 'ipv4' : 'ipv6'
  // BlockList takes an IPv4 address inside an IPv6 one for the IPv4 address that it is.
  return blocks.find(({ block }) => block.check(host, family))?.scope ?? 'public'
}

function scopeOfName(name: string): AddressScope {
  if (OWN_NAME.test(name)) return 'loopback'
  return LOCAL_NAME.test(name) ? 'private' : 'dns'
}

/**
 * Says from where the best of these can be reached, in words that follow "this invitation". That it can from anywhere is
 * for others to prove: an address alone does not tell.
 */
export function describeScope(scopes: readonly AddressScope[]): string {
  const best = Math.min(...scopes.map((scope) => RANK[scope]))
  if (best <= RANK.relay) return NOT_TRIED
  if (best === RANK.cgnat) return "works only inside your provider's network"
  if (best <= RANK.reserved) return 'works only on this network'
  if (best === RANK.loopback) return 'works only on this computer'
  return 'can not be reached'
}

/**
 * Picks the addresses for a link, best first: no duplicates, none that nobody can dial, and loopback only if there
 * is nothing else. Direct ones come before a relay of the same scope; among equals the given order stays.
 */
export function sortForLink(addresses: readonly string[]): string[] {
  const usable = [...new Set(addresses)]
    .map((address) => ({ address, rank: rankOf(address) }))
    .filter(({ rank }) => rank < RANK.unspecified)
    .sort((a, b) => a.rank - b.rank)
  const beyond = usable.filter(({ rank }) => rank < RANK.loopback)
  return (beyond.length > 0 ? beyond : usable).map(({ address }) => address)
}

function rankOf(address: string): number {
  const scope = classifyAddress(address)
  return RANK[scope] + (isRelayed(address) && scope !== 'relay' ? 0.5 : 0)
}
