import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { defaultRoutes } from '../../../src/network/address/default-routes.ts'
import { likelyFirst, type WaysIn } from '../../../src/network/address/likely-first.ts'

function info(address: string): NetworkInterfaceInfo {
  return { address, family: 'IPv4', netmask: '', mac: '', internal: false, cidr: null }
}

const WAYS: WaysIn = {
  interfaces: {
    docker0: [info('172.17.0.1')],
    br0: [info('172.18.0.1')],
    eth1: [info('10.1.0.1')],
    eth0: [info('10.0.0.1')],
    usb0: [info('10.77.0.1')],
  },
  defaultRoutes: [],
  isProven: () => false,
}

const ALL = ['172.17.0.1', '172.18.0.1', '10.1.0.1', '10.0.0.1', '10.77.0.1']

function order(ways: Partial<WaysIn>, hosts: readonly string[] = ALL): string[] {
  const addresses = hosts.map((host) => `/ip4/${host}/tcp/4710`)
  return likelyFirst(addresses, { ...WAYS, ...ways }).map((address) => address.split('/')[2] ?? '')
}

test('bridges of containers come after network cards, in the order that was given', () => {
  expect(order({})).toEqual(['10.1.0.1', '10.0.0.1', '10.77.0.1', '172.17.0.1', '172.18.0.1'])
})

test('the interface of the default route comes first, be it a bridge', () => {
  expect(order({ defaultRoutes: ['br0', 'usb0'] }).slice(0, 2)).toEqual(['172.18.0.1', '10.77.0.1'])
})

test('where somebody has come in comes after the default route, before the others', () => {
  const ways = { defaultRoutes: ['eth0'], isProven: (host: string) => host === '10.77.0.1' }
  expect(order(ways)).toEqual(['10.0.0.1', '10.77.0.1', '10.1.0.1', '172.17.0.1', '172.18.0.1'])
})

test('an address that is no interface’s own stays before them', () => {
  expect(order({ defaultRoutes: ['eth0'] }, ['10.0.0.1', '203.0.113.7'])[0]).toBe('203.0.113.7')
})

test('both kinds of transport of one host stand beside each other', () => {
  const addresses = [
    '172.17.0.1/tcp/1',
    '10.0.0.1/tcp/1',
    '172.17.0.1/tcp/2/ws',
    '10.0.0.1/tcp/2/ws',
  ]
  expect(
    likelyFirst(
      addresses.map((rest) => `/ip4/${rest}`),
      WAYS,
    ),
  ).toEqual([
    '/ip4/10.0.0.1/tcp/1',
    '/ip4/10.0.0.1/tcp/2/ws',
    '/ip4/172.17.0.1/tcp/1',
    '/ip4/172.17.0.1/tcp/2/ws',
  ])
})

const HEAD = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n'
const ZERO = '0'.repeat(32)

test('default routes are told by their metric, without those that are down or refuse', () => {
  const ipv4 = [
    'wlan0\t00000000\t0102A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0',
    'eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
    'down0\t00000000\t0101A8C0\t0002\t0\t0\t1\t00000000\t0\t0\t0',
    'eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0',
    'half0\t00000000\t0101A8C0\t0003\t0\t0\t5\t00000080\t0\t0\t0',
  ]
  const ipv6 = [
    `${ZERO} 00 ${ZERO} 00 fe80${'0'.repeat(28)} 00000200 00000002 00000000 00000003     wg0`,
    `${ZERO} 00 ${ZERO} 00 ${ZERO} ffffffff 00000001 00000000 00200200       lo`,
    `2001${'0'.repeat(28)} 40 ${ZERO} 00 ${ZERO} 00000100 00000002 00000000 00000001     eth0`,
  ]
  expect(defaultRoutes({ ipv4: HEAD + ipv4.join('\n'), ipv6: ipv6.join('\n') })).toEqual([
    'eth0',
    'wg0',
    'wlan0',
  ])
})

test('a computer without these tables has no default route that is known', () => {
  expect(defaultRoutes({ ipv4: '', ipv6: '' })).toEqual([])
})
