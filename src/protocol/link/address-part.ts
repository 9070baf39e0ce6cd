/** One kind of multiaddr component that a link can carry: its number and its value's two forms. */
export interface AddressPart {
  readonly name: string
  /** Number in the multicodec table. */
  readonly code: number
  /** Where it may stand: a host is always first and nowhere else, an end always last. */
  readonly place: 'host' | 'route' | 'end'
  readonly value: AddressValue | undefined
}

/** Converts the value of a component between text and bytes. Both directions return `undefined` for an invalid one. */
export interface AddressValue {
  /** Bytes of the value; 0 if it has a length of its own in front. */
  readonly size: number
  /** Any usual spelling. */
  toBytes(text: string): Uint8Array | undefined
  /** The one canonical spelling. */
  toText(bytes: Uint8Array): string | undefined
}

/** Characters of a host name, as DNS has it. */
const MAX_DNS_NAME = 253
const DNS_NAME =
  /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/
const DECIMAL = /^(?:0|[1-9][0-9]{0,4})$/

const ip4: AddressValue = {
  size: 4,
  toBytes(text) {
    const numbers = text.split('.').map((part) => (DECIMAL.test(part) ? Number(part) : -1))
    const valid = numbers.length === 4 && numbers.every((number) => number >= 0 && number <= 255)
    return valid ? Uint8Array.from(numbers) : undefined
  },
  toText: (bytes) => bytes.join('.'),
}

/** The URL parser knows every spelling of an IPv6 address, and answers with the canonical one. */
function canonicalIp6(text: string): string | undefined {
  if (!/^[0-9a-fA-F:.]+$/.test(text)) return undefined
  const url = URL.parse(`http://[${text}]/`)
  return url?.hostname.slice(1, -1)
}

function groupsOf(half: string | undefined): readonly number[] {
  return half ? half.split(':').map((group) => Number.parseInt(group, 16)) : []
}

const ip6: AddressValue = {
  size: 16,
  toBytes(text) {
    const canonical = canonicalIp6(text)
    if (canonical === undefined) return undefined
    const [head, tail] = canonical.split('::')
    const before = groupsOf(head)
    const after = groupsOf(tail)
    const zeros = Array<number>(8 - before.length - after.length).fill(0)
    const groups = [...before, ...zeros, ...after]
    return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
  },
  toText(bytes) {
    const groups = Array.from({ length: 8 }, (_, index) =>
      (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
    )
    return canonicalIp6(groups.join(':'))
  },
}

const port: AddressValue = {
  size: 2,
  toBytes(text) {
    const number = DECIMAL.test(text) ? Number(text) : 65_536
    return number <= 65_535 ? Uint8Array.of(number >> 8, number & 0xff) : undefined
  },
  toText: (bytes) => String(((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)),
}

const dnsName: AddressValue = {
  size: 0,
  toBytes(text) {
    const name = text.toLowerCase()
    return name.length <= MAX_DNS_NAME && DNS_NAME.test(name)
      ? new TextEncoder().encode(name)
      : undefined
  },
  toText(bytes) {
    const name = String.fromCharCode(...bytes)
    return name.length <= MAX_DNS_NAME && DNS_NAME.test(name) ? name : undefined
  },
}

/** The component that says: not here, but beyond the relay here. */
export const CIRCUIT = 'p2p-circuit'

/**
 * The components that a link can carry. Peer ids are left out: the link names its one peer by its key, and a relay proves
 * nothing that anybody counts on.
 */
export const ADDRESS_PARTS: readonly AddressPart[] = [
  { name: 'ip4', code: 4, place: 'host', value: ip4 },
  { name: 'ip6', code: 41, place: 'host', value: ip6 },
  { name: 'dns', code: 53, place: 'host', value: dnsName },
  { name: 'dns4', code: 54, place: 'host', value: dnsName },
  { name: 'dns6', code: 55, place: 'host', value: dnsName },
  { name: 'dnsaddr', code: 56, place: 'host', value: dnsName },
  { name: 'tcp', code: 6, place: 'route', value: port },
  { name: 'udp', code: 273, place: 'route', value: port },
  { name: 'sni', code: 449, place: 'route', value: dnsName },
  { name: 'tls', code: 448, place: 'route', value: undefined },
  { name: 'quic-v1', code: 461, place: 'route', value: undefined },
  { name: 'ws', code: 477, place: 'route', value: undefined },
  { name: 'wss', code: 478, place: 'route', value: undefined },
  { name: CIRCUIT, code: 290, place: 'end', value: undefined },
]
