import { isRelayed } from './link-address.ts'

/** Groups of 16 bits in the IPv6 network that one customer of a provider has: a /64. */
const CUSTOMER_GROUPS = 4

const IPV4 = /^\/ip4\/([\d.]+)/
const IPV6 = /^(?:\/ip6zone\/[^/]+)?\/ip6\/([0-9a-f:.]+)/i
const MAPPED = /^(?:0*:)*:?ffff:(\d+\.\d+\.\d+\.\d+)$/i

/**
 * Returns the key under which the callers from an address are counted together: the IPv4 address, or the IPv6 network
 * of 64 bits, inside which one customer can change address freely.
 * @param address a multiaddr
 * @returns undefined for this computer itself, where a proxy may speak for the whole world, for an address beyond a
 *   relay, which speaks for all who come by it, and for an address without IP
 */
export function addressKey(address: string): string | undefined {
  if (isRelayed(address)) return undefined
  const ipv4 = IPV4.exec(address)?.[1]
  if (ipv4 !== undefined) return ofIpv4(ipv4)
  const ipv6 = IPV6.exec(address)?.[1]
  if (ipv6 === undefined || ipv6 === '::1') return undefined
  const mapped = MAPPED.exec(ipv6)?.[1]
  return mapped === undefined ? networkOf(ipv6) : ofIpv4(mapped)
}

/**
 * Returns the key of the relay by which callers come: they are counted together only for the share that one relay has.
 * @returns undefined for an address that is beyond none
 */
export function relayKey(address: string): string | undefined {
  if (!isRelayed(address)) return undefined
  const [relay = ''] = address.split(/\/(?:p2p|p2p-circuit)(?:\/|$)/)
  return `relay ${relay}`
}

function ofIpv4(address: string): string | undefined {
  return address.startsWith('127.') ? undefined : address
}

function networkOf(address: string): string {
  const [left = '', right] = address.split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const gap = right === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  const groups = [...head, ...Array.from({ length: gap }, () => '0'), ...tail]
  const network = groups.slice(0, CUSTOMER_GROUPS).map((group) => Number.parseInt(group, 16))
  return `${network.map((group) => group.toString(16)).join(':')}::/64`
}
