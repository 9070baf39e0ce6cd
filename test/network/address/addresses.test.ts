import type { NetworkInterfaceInfo } from 'node:os'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressesWithoutHost,
  classifyAddress,
  describeScope,
  expandListenAddresses,
  ListenAddressError,
  parseAnnounceAddress,
  parseListenAddress,
  sortForLink,
} from '../../../src/network/address/addresses.ts'

const SCOPES = {
  loopback: [
    '/ip4/127.0.0.1/tcp/1',
    '/ip4/127.9.9.9/tcp/1',
    '/ip6/::1/tcp/1',
    '/dns/localhost/tcp/1',
    '/dns4/me.localhost/tcp/1',
  ],
  'link-local': ['/ip4/169.254.3.4/tcp/1', '/ip6/fe80::1/tcp/1/ws'],
  private: [
    '/ip4/10.1.2.3/tcp/1',
    '/ip4/172.31.0.1/tcp/1',
    '/ip4/192.168.1.1/tcp/1/ws',
    '/ip6/fd00::1/tcp/1',
    '/ip6/fec0::1/tcp/1',
    '/dns4/printer.local/tcp/1',
    '/dns/nas.home.arpa/tcp/1',
    '/dns/box.corp.internal/tcp/443/tls/ws',
  ],
  reserved: [
    '/ip4/192.0.0.2/tcp/1',
    '/ip4/192.0.2.7/tcp/1',
    '/ip4/198.51.100.7/tcp/1/ws',
    '/ip4/203.0.113.255/tcp/1',
    '/ip4/192.88.99.1/tcp/1',
    '/ip4/198.18.0.1/tcp/1',
    '/ip4/198.19.255.255/tcp/1',
    '/ip4/240.0.0.1/tcp/1',
    '/ip4/255.255.255.254/tcp/1',
    '/ip6/2001:db8::1/tcp/1',
    '/ip6/3fff:fff::1/tcp/1',
    '/ip6/2001:2::1/tcp/1',
    '/ip6/2001:0:4136:e378:8000:63bf:3fff:fdd2/tcp/1',
    '/ip6/2001:10::1/tcp/1',
    '/ip6/2002:808:808::1/tcp/1',
    '/ip6/64:ff9b::808:808/tcp/1',
    '/ip6/64:ff9b:1::1/tcp/1',
    '/ip6/100::1/tcp/1',
    '/ip6/5f00::1/tcp/1',
    '/ip6/::808:808/tcp/1',
  ],
  multicast: [
    '/ip4/224.0.0.251/tcp/1',
    '/ip4/239.255.255.250/tcp/1',
    '/ip4/255.255.255.255/tcp/1',
    '/ip6/ff02::fb/tcp/1',
  ],
  cgnat: ['/ip4/100.64.0.1/tcp/1', '/ip4/100.127.255.255/tcp/1'],
  public: [
    '/ip4/8.8.8.8/tcp/1',
    '/ip4/172.32.0.1/tcp/1',
    '/ip4/100.128.0.1/tcp/1',
    '/ip4/192.0.1.1/tcp/1',
    '/ip4/198.17.255.255/tcp/1',
    '/ip4/198.20.0.1/tcp/1',
    '/ip4/223.255.255.255/tcp/1',
    '/ip6/2a00::1/tcp/1',
    '/ip6/2001:200::1/tcp/1',
    '/ip6/2001:db9::1/tcp/1',
    '/ip6/4000::1/tcp/1',
  ],
  unspecified: ['/ip4/0.0.0.0/tcp/1', '/ip6/::/tcp/1/ws'],
  dns: [
    '/dns/example.org/tcp/443/wss',
    '/dnsaddr/example.org',
    '/dns4/localhost.example.org/tcp/1',
  ],
  relay: [
    '/ip4/8.8.8.8/tcp/1/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8/p2p-circuit',
  ],
}

describe.each(Object.entries(SCOPES))('%s', (scope, addresses) => {
  test.each(addresses)('is the scope of %s', (address) => {
    expect(classifyAddress(address)).toBe(scope)
  })
})

test('an IPv4 address written as IPv6 has the scope of the IPv4 address', () => {
  expect(classifyAddress('/ip6/::ffff:127.0.0.1/tcp/1')).toBe('loopback')
  expect(classifyAddress('/ip6/::ffff:7f00:1/tcp/1')).toBe('loopback')
})

test.each([
  [['/ip4/127.0.0.1/tcp/1'], 'works only on this computer'],
  [['/ip4/127.0.0.1/tcp/1', '/ip4/10.0.0.1/tcp/1'], 'works only on this network'],
  [['/ip4/169.254.1.1/tcp/1'], 'works only on this network'],
  [['/ip4/127.0.0.1/tcp/1', '/ip4/192.0.2.7/tcp/1'], 'works only on this network'],
  [['/ip4/100.64.0.1/tcp/1', '/ip4/10.0.0.1/tcp/1'], "works only inside your provider's network"],
  [['/ip4/127.0.0.1/tcp/1', '/ip6/2a00::1/tcp/1'], 'may be reached from anywhere; not tried'],
  [['/dns/example.org/tcp/1'], 'may be reached from anywhere; not tried'],
  [['/ip4/8.8.8.8/tcp/1/p2p-circuit'], 'may be reached from anywhere; not tried'],
  [['/ip4/10.0.0.9/tcp/1/p2p-circuit'], 'works only on this network'],
  [['/ip4/127.0.0.1/tcp/1/p2p-circuit'], 'works only on this computer'],
  [['/ip4/0.0.0.0/tcp/1'], 'can not be reached'],
  [['/ip6/ff02::1/tcp/1'], 'can not be reached'],
  [[], 'can not be reached'],
])('of %j the best decides the words: %s', (addresses, words) => {
  expect(describeScope(addresses.map(classifyAddress))).toBe(words)
})

test('a link holds public before private addresses, and no loopback beside them', () => {
  expect(
    sortForLink([
      '/ip4/127.0.0.1/tcp/1',
      '/ip4/192.168.1.1/tcp/1',
      '/ip4/192.168.1.1/tcp/1',
      '/ip4/0.0.0.0/tcp/1',
      '/ip4/8.8.8.8/tcp/1/ws',
      '/ip4/8.8.8.8/tcp/1',
      '/dns/example.org/tcp/1',
    ]),
  ).toEqual([
    '/ip4/8.8.8.8/tcp/1/ws',
    '/ip4/8.8.8.8/tcp/1',
    '/dns/example.org/tcp/1',
    '/ip4/192.168.1.1/tcp/1',
  ])
})

test('a link names what is direct first, then relays, then what is near', () => {
  const best = [
    '/ip4/8.8.8.8/tcp/1',
    '/ip4/8.8.4.4/tcp/1/p2p-circuit',
    '/ip4/192.168.1.1/tcp/1',
    '/ip4/192.168.1.9/tcp/1/p2p-circuit',
    '/ip4/203.0.113.9/tcp/1',
  ]
  expect(sortForLink([...best].reverse()).slice(0, 2)).toEqual(best.slice(0, 2))
  expect(sortForLink(best)).toEqual(best)
  expect(sortForLink(['/ip4/224.0.0.1/tcp/1', ...best])).toEqual(best)
})

test('a link holds loopback when there is nothing else', () => {
  const loopback = ['/ip4/127.0.0.1/tcp/2', '/ip4/127.0.0.1/tcp/1/ws']
  expect(sortForLink(loopback)).toEqual(loopback)
  expect(sortForLink(['/ip6/::/tcp/1'])).toEqual([])
})

function info(address: string, scopeid?: number): NetworkInterfaceInfo {
  const rest = { netmask: '', mac: '', internal: false, cidr: null }
  return scopeid === undefined
    ? { address, family: 'IPv4', ...rest }
    : { address, family: 'IPv6', scopeid, ...rest }
}

const INTERFACES = {
  lo: [info('127.0.0.1'), info('::1', 0)],
  eth0: [info('192.168.1.7'), info('fe80::7', 2), info('2a00::7', 0)],
  down: undefined,
}

test('0.0.0.0 and :: become the addresses of this machine, each once', () => {
  expect(
    expandListenAddresses(
      ['/ip4/0.0.0.0/tcp/4001', '/ip6/::/tcp/4001/ws', '/ip4/192.168.1.7/tcp/4001'],
      INTERFACES,
    ),
  ).toEqual([
    '/ip4/127.0.0.1/tcp/4001',
    '/ip4/192.168.1.7/tcp/4001',
    '/ip6/::1/tcp/4001/ws',
    '/ip6/2a00::7/tcp/4001/ws',
  ])
})

test('an address that stands for a family of which the machine has none is told, though to listen there works', () => {
  const listen = ['/ip6/::/tcp/4001', '/ip4/0.0.0.0/tcp/4001', '/ip6/::1/tcp/4001/ws']
  expect(addressesWithoutHost(listen, { lo: [info('127.0.0.1')] })).toEqual(['/ip6/::/tcp/4001'])
  expect(addressesWithoutHost(listen, {})).toEqual(listen.slice(0, 2))
  expect(addressesWithoutHost(listen, INTERFACES)).toEqual([])
})

test('nothing unspecified is left, whatever the interfaces', () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6())
  const interfaces = fc.dictionary(
    fc.string(),
    fc.array(address.map((host) => (host.includes(':') ? info(host, 0) : info(host)))),
  )
  fc.assert(
    fc.property(interfaces, (given) => {
      const usable = Object.values(given).flat()
      const expanded = expandListenAddresses(['/ip4/0.0.0.0/tcp/1', '/ip6/::/tcp/1'], given)
      expect(expanded.length).toBeLessThanOrEqual(usable.length)
      for (const one of expanded) expect(() => parseListenAddress(one)).not.toThrow()
    }),
  )
})

test('a listenable address is taken apart, in its canonical spelling', () => {
  expect(parseListenAddress('/ip6/0:0:0:0:0:0:0:1/tcp/0/ws')).toEqual({
    text: '/ip6/::1/tcp/0/ws',
    host: '::1',
    port: 0,
    transport: 'ws',
    scope: 'loopback',
  })
})

test.each([
  '',
  'localhost:4001',
  '/ip4/127.0.0.1',
  '/ip4/127.0.0.1/udp/1',
  '/ip4/127.0.0.256/tcp/1',
  '/ip4/127.0.0.1/tcp/65536',
  '/ip4/127.0.0.1/tcp/-1',
  '/ip4/127.0.0.1/tcp/1/wss',
  '/dns/example.org/tcp/1',
  '/ip4/127.0.0.1/tcp/1/ws/x',
  '/ip4/127.0.0.1/tcp/1/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8',
])('%j can not be listened on', (address) => {
  expect(() => parseListenAddress(address)).toThrow(ListenAddressError)
  expect(() => parseListenAddress(address)).toThrow(
    expect.objectContaining({ code: 'address_invalid', address }),
  )
})

test.each([
  '/ip4/8.8.8.8/tcp/4001',
  '/dns4/a.example/tcp/443/wss',
  '/dns/a.example/tcp/443/tls/ws',
])('%s can be announced', (address) => {
  expect(parseAnnounceAddress(address)).toBe(address)
})

test.each([
  '/ip4/8.8.8.8/tcp/0',
  '/ip4/8.8.8.8/tcp/0/ws',
  '/ip4/0.0.0.0/tcp/1',
  '/dns/a.example',
  'x',
])('%j can not be announced', (address) => {
  expect(() => parseAnnounceAddress(address)).toThrow(ListenAddressError)
})
