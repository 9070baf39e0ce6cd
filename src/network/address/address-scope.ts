import { BlockList, isIPv4 } from 'node:net'

/** The part of the world from which an address can be reached. */
export type AddressScope =
  | 'loopback'
  | 'link-local'
  | 'private'
  | 'cgnat'
  | 'public'
  | 'relay'
  | 'unspecified'
  | 'dns'

type IpScope = Exclude<AddressScope, 'public' | 'relay' | 'dns'>

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
  ['cgnat', '100.64.0.0', 10, 'ipv4'],
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
  loopback: 5,
  unspecified: 6,
}

/** Tells the scope of a multiaddr's text by its first component; `localhost` is loopback. */
export function classifyAddress(address: string): AddressScope {
  if (address.includes('/p2p-circuit')) return 'relay'
  const [, kind, host = ''] = address.split('/')
  if (kind !== 'ip4' && kind !== 'ip6') return host === 'localhost' ? 'loopback' : 'dns'
  const family = isIPv4(host) ? 'ipv4' : 'ipv6'
  // BlockList takes an IPv4 address inside an IPv6 one for the IPv4 address that it is.
  return blocks.find(({ block }) => block.check(host, family))?.scope ?? 'public'
}

/** Says from where the best of these can be reached, in words that follow "this invitation". */
export function describeScope(scopes: readonly AddressScope[]): string {
  const best = Math.min(...scopes.map((scope) => RANK[scope]))
  if (best <= RANK.relay) return 'works anywhere'
  if (best === RANK.cgnat) return "works only inside your provider's network"
  if (best <= RANK['link-local']) return 'works only on this network'
  if (best === RANK.loopback) return 'works only on this computer'
  return 'can not be reached'
}

/**
 * Picks the addresses for a link, best first: no duplicates, nothing unspecified, and loopback only if there
 * is nothing else. Among equals the given order stays.
 */
export function sortForLink(addresses: readonly string[]): string[] {
  const usable = [...new Set(addresses)]
    .map((address) => ({ address, rank: RANK[classifyAddress(address)] }))
    .filter(({ rank }) => rank < RANK.unspecified)
    .sort((a, b) => a.rank - b.rank)
  const beyond = usable.filter(({ rank }) => rank < RANK.loopback)
  return (beyond.length > 0 ? beyond : usable).map(({ address }) => address)
}
