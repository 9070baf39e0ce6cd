import { describe, expect, it } from 'vitest'
import { addressKey, relayKey } from '../../../src/protocol/link/address-key.ts'

describe('whom an address stands for', () => {
  it.each([
    ['/ip4/192.0.2.7/tcp/4001', '192.0.2.7'],
    ['/ip4/192.0.2.7/tcp/9/ws', '192.0.2.7'],
    ['/ip6/2001:db8:1:2:3:4:5:6/tcp/1', '2001:db8:1:2::/64'],
    ['/ip6/2001:DB8:1:2::9/tcp/1', '2001:db8:1:2::/64'],
    ['/ip6/2001:db8::9/tcp/1', '2001:db8:0:0::/64'],
    ['/ip6/::9/tcp/1', '0:0:0:0::/64'],
    ['/ip6zone/eth0/ip6/fe80::1/tcp/1', 'fe80:0:0:0::/64'],
    ['/ip6/::ffff:192.0.2.7/tcp/1', '192.0.2.7'],
  ])('%s: %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })

  it.each([
    '/ip4/127.0.0.1/tcp/1',
    '/ip4/127.9.9.9/tcp/1',
    '/ip6/::1/tcp/1',
    '/ip6/::ffff:127.0.0.1/tcp/1',
    '/memory/alice',
    '/ip4/192.0.2.7/tcp/4001/p2p-circuit',
    '/ip4/192.0.2.7/tcp/4001/p2p/12D3KooWQ1/p2p-circuit/p2p/12D3KooWQ2',
    '',
  ])('%s stands for nobody', (address) => {
    expect(addressKey(address)).toBeUndefined()
  })
})

describe('the relay that somebody comes by', () => {
  it.each([
    [
      '/ip4/192.0.2.7/tcp/4001/p2p/12D3KooWQ1/p2p-circuit/p2p/12D3KooWQ2',
      'relay /ip4/192.0.2.7/tcp/4001',
    ],
    [
      '/dns4/relay.example.org/tcp/443/wss/p2p-circuit',
      'relay /dns4/relay.example.org/tcp/443/wss',
    ],
    ['/ip4/192.0.2.7/tcp/4001/p2p/12D3KooWQ1', undefined],
  ])('%s: %s', (address, key) => {
    expect(relayKey(address)).toBe(key)
  })
})
