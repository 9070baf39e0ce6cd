import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AddressError } from '../../../src/protocol/errors.ts'
import { addressToBytes, addressToText } from '../../../src/protocol/link/link-address.ts'
import { linkAddress } from '../../support/protocol/arbitraries.ts'

describe('an address in a link', () => {
  it('has the bytes and the text that the multiaddr package gives it', () => {
    fc.assert(
      fc.property(linkAddress, (text) => {
        const reference = multiaddr(text)
        expect([...addressToBytes(text)]).toEqual([...reference.bytes])
        expect(addressToText(reference.bytes)).toBe(reference.toString())
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    '/ip4/127.0.0.1/tcp/0',
    '/ip6/::/tcp/1/ws',
    '/ip6/::ffff:192.0.2.1/tcp/1',
    '/ip6/2001:DB8:0:0::1/udp/65535/quic-v1',
    '/dns4/example.org/tcp/443/wss',
    '/dns6/_x.example.org/tcp/443/tls/sni/example.org/ws',
    '/dnsaddr/bootstrap.example.org',
    '/ip4/192.0.2.7/tcp/4001/p2p-circuit',
    '/dns4/relay.example.org/tcp/443/tls/ws/p2p-circuit',
  ])('%s is carried as the multiaddr package would', (text) => {
    const reference = multiaddr(text)
    expect([...addressToBytes(text)]).toEqual([...reference.bytes])
    expect(addressToText(addressToBytes(text))).toBe(reference.toString())
  })

  it.each([
    '',
    '/',
    'ip4/127.0.0.1',
    '/ip4',
    '/ip4/',
    '/ip4/127.0.0.1/',
    '/ip4/127.0.0.1/tcp',
    '/ip4/127.0.0.1/tcp/65536',
    '/ip4/127.0.0.1/tcp/01',
    '/ip4/127.0.0.1/tcp/1e3',
    '/ip4/127.0.0/tcp/1',
    '/ip4/127.0.0.256/tcp/1',
    '/ip4/0127.0.0.1/tcp/1',
    '/ip4/127.0.0.1/ip4/127.0.0.1',
    '/tcp/4001',
    '/ip6/1::2::3/tcp/1',
    '/ip6/fe80::1%eth0/tcp/1',
    '/ip6/1]:80@[2/tcp/1',
    '/dns/-a.example/tcp/1',
    '/dns/a..example/tcp/1',
    '/dns/ex ample/tcp/1',
    '/dns/ex\u0000ample/tcp/1',
    `/dns/${'a.'.repeat(126)}aa/tcp/1`,
    `/ip4/127.0.0.1${'/ws'.repeat(8)}`,
    '/unix/tmp',
    '/p2p-circuit',
    '/ip4/127.0.0.1/tcp/1/p2p-circuit/tcp/1',
    '/ip4/127.0.0.1/tcp/1/p2p-circuit/p2p-circuit',
    '/ip4/127.0.0.1/tcp/1/p2p/12D3KooWQ1',
  ])('%j is refused', (text) => {
    expect(() => addressToBytes(text)).toThrow(AddressError)
  })

  it('of a relay takes ten bytes with an IPv4 host and a port', () => {
    expect(addressToBytes('/ip4/192.0.2.7/tcp/4001/p2p-circuit')).toHaveLength(10)
  })

  it('is read from no bytes but those it is written to', () => {
    const likely = fc.array(
      fc.constantFrom(4, 6, 41, 53, 1, 127, 0, 97, 0x91, 2, 0xdd, 3, 0xc0, 0x80, 0xa2),
      {
        maxLength: 24,
      },
    )
    fc.assert(
      fc.property(fc.oneof(likely, fc.array(fc.nat(255), { maxLength: 40 })), (numbers) => {
        const text = addressToText(Uint8Array.from(numbers))
        if (text !== undefined) expect([...addressToBytes(text)]).toEqual(numbers)
      }),
      { numRuns: 5_000 },
    )
  })
})
