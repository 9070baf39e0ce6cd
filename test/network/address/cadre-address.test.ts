import { describe, expect, test } from 'vitest'
import {
  addressBeyond,
  ListenAddressError,
  parseCadreAddress,
  parseRelayAddress,
} from '../../../src/network/address/addresses.ts'

const OWN = '12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8'
const OTHER = '12D3KooWPsyE9JPuFPQND21mGkyrWUmU7DbyAnPzUPsPzqY1PdzR'

describe('the address of a nominated node', () => {
  test.each([
    ['/ip4/192.0.2.7/tcp/4710', '/ip4/192.0.2.7/tcp/4710'],
    [`/dns4/Tally.Example.org/tcp/443/wss/p2p/${OWN}`, '/dns4/tally.example.org/tcp/443/wss'],
    [
      `/ip4/192.0.2.7/tcp/1/p2p/${OTHER}/p2p-circuit/p2p/${OWN}`,
      '/ip4/192.0.2.7/tcp/1/p2p-circuit',
    ],
    ['/ip6/2001:DB8::1/tcp/1/ws/p2p-circuit', '/ip6/2001:db8::1/tcp/1/ws/p2p-circuit'],
  ])('%s is read', (text, canonical) => {
    expect(parseCadreAddress(text, OWN)).toBe(canonical)
    expect(parseCadreAddress(canonical, OWN)).toBe(canonical)
  })

  test('beyond a relay is written as a link writes it', () => {
    const relay = '/ip4/192.0.2.7/tcp/1'
    const beyond = addressBeyond(parseRelayAddress(relay))
    expect(parseCadreAddress(beyond, OWN)).toBe(beyond)
  })

  test.each([
    ['with the id of somebody else', `/ip4/192.0.2.7/tcp/1/p2p/${OTHER}`],
    ['of somebody else beyond a relay', `/ip4/192.0.2.7/tcp/1/p2p-circuit/p2p/${OTHER}`],
    ['that stands for a list of others', '/dnsaddr/example.org/tcp/1'],
    ['of every address', '/ip4/0.0.0.0/tcp/4710'],
    ['without a port', '/ip4/192.0.2.7/tcp/0'],
    ['of a way that is not ours', '/ip4/192.0.2.7/udp/1/quic-v1'],
    ['without a host', `/p2p/${OWN}`],
    ['with a path of its own', '/dns4/a.example/tcp/80/ws/http-path/admin'],
    ['that is a URL', 'http://192.0.2.7/'],
  ])('%s is refused', (_, text) => {
    expect(() => parseCadreAddress(text, OWN)).toThrow(ListenAddressError)
  })
})
