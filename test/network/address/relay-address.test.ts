import { describe, expect, test } from 'vitest'
import {
  addressBeyond,
  ListenAddressError,
  parseAnnounceAddress,
  parseRelayAddress,
  relayOf,
} from '../../../src/network/address/addresses.ts'

const ID = '12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8'

describe("a relay's address", () => {
  test.each([
    ['/ip4/192.0.2.7/tcp/4001', '/ip4/192.0.2.7/tcp/4001', undefined],
    ['/dns4/Relay.Example.org/tcp/443/wss', '/dns4/relay.example.org/tcp/443/wss', undefined],
    [`/ip4/192.0.2.7/tcp/4001/p2p/${ID}`, '/ip4/192.0.2.7/tcp/4001', ID],
    [`/ip6/2001:DB8::1/tcp/1/ws/p2p/${ID}/p2p-circuit`, '/ip6/2001:db8::1/tcp/1/ws', ID],
    ['/ip4/192.0.2.7/tcp/4001/p2p-circuit', '/ip4/192.0.2.7/tcp/4001', undefined],
    [
      '/ip4/192.0.2.7/tcp/1/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N',
      '/ip4/192.0.2.7/tcp/1',
      'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N',
    ],
  ])('%s is read', (text, address, peerId) => {
    expect(parseRelayAddress(text)).toEqual(
      peerId === undefined ? { address } : { address, peerId },
    )
  })

  test.each([
    'relay.example.org',
    '/ip4/0.0.0.0/tcp/1',
    '/ip4/192.0.2.7/tcp/0',
    '/ip4/192.0.2.7',
    '/ip4/192.0.2.7/udp/1/quic-v1',
    '/ip4/192.0.2.7/tcp/1/p2p/12D3',
    `/ip4/192.0.2.7/tcp/1/p2p/${ID}/p2p/${ID}`,
    `/ip4/192.0.2.7/tcp/1/p2p/${ID}/p2p-circuit/p2p/${ID}`,
    `/p2p/${ID}`,
  ])('%s is refused', (text) => {
    expect(() => parseRelayAddress(text)).toThrow(ListenAddressError)
  })

  test('leads to whoever is beyond it', () => {
    const beyond = addressBeyond(parseRelayAddress(`/ip4/192.0.2.7/tcp/4001/p2p/${ID}`))
    expect(beyond).toBe('/ip4/192.0.2.7/tcp/4001/p2p-circuit')
    expect(relayOf(beyond)).toBe('/ip4/192.0.2.7/tcp/4001')
    expect(parseAnnounceAddress(beyond)).toBe(beyond)
  })
})
