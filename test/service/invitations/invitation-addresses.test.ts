import { describe, expect, it } from 'vitest'
import { NoAddressError } from '../../../src/service/errors.ts'
import { chooseAddresses } from '../../../src/service/invitations/invitation-addresses.ts'

const INTERFACES = {
  lo: [info('127.0.0.1', true)],
  eth0: [info('192.168.1.5'), info('8.8.8.8')],
}
const SOURCES = {
  named: [],
  announce: [],
  listen: ['/ip4/0.0.0.0/tcp/4710'],
  ways: { interfaces: INTERFACES, defaultRoutes: [], isProven: () => false },
}

function info(address: string, internal = false) {
  const rest = { netmask: '255.255.255.0', mac: '00:00:00:00:00:00', cidr: null }
  return { address, family: 'IPv4' as const, internal, ...rest }
}

function textsOf(sources: Partial<Parameters<typeof chooseAddresses>[0]>) {
  return chooseAddresses({ ...SOURCES, ...sources }).addresses.map(({ address }) => address)
}

describe('the addresses of a link', () => {
  it('are the best first, never unspecified, and say how far they reach', () => {
    expect(chooseAddresses(SOURCES)).toEqual({
      addresses: [
        { address: '/ip4/8.8.8.8/tcp/4710', scope: 'public' },
        { address: '/ip4/192.168.1.5/tcp/4710', scope: 'private' },
      ],
      left: [],
      reach: 'may be reached from anywhere; not tried',
      unused: [],
    })
  })

  it('begin with the network card, not with the bridges of containers before it', () => {
    const interfaces = { docker0: [info('172.17.0.1')], usb0: [info('10.77.0.1')] }
    expect(textsOf({ ways: { ...SOURCES.ways, interfaces } })).toEqual([
      '/ip4/10.77.0.1/tcp/4710',
      '/ip4/172.17.0.1/tcp/4710',
    ])
  })

  it('come from the best source there is', () => {
    const [named, running, announce] = [
      ['/ip4/10.0.0.1/tcp/1'],
      ['/ip4/10.0.0.2/tcp/2'],
      ['/ip4/10.0.0.3/tcp/3'],
    ]
    expect(textsOf({ announce })).toEqual(announce)
    expect(textsOf({ announce, running })).toEqual(running)
    expect(textsOf({ announce, running, named })).toEqual(named)
  })

  it('are those of the running listener alone, and none where it has none', () => {
    expect(textsOf({ running: ['/ip4/8.8.4.4/tcp/9'] })).toEqual(['/ip4/8.8.4.4/tcp/9'])
    expect(() => textsOf({ running: [] })).toThrow(NoAddressError)
  })

  it('that lead here only from near tell the public ones that nobody listens on', () => {
    const near = { ...SOURCES, listen: ['/ip4/192.168.1.5/tcp/4710'] }
    expect(chooseAddresses(near).unused).toEqual(['8.8.8.8'])
    const named = ['/dns4/a.example.org/tcp/4710']
    expect(chooseAddresses({ ...near, named }).unused).toEqual([])
  })

  it('are only this computer’s own if there is nothing else', () => {
    const only = chooseAddresses({ ...SOURCES, listen: ['/ip4/127.0.0.1/tcp/4710'] })
    expect(only.reach).toBe('works only on this computer')
  })

  it.each([
    ['nothing to listen on', { listen: [] }],
    ['a port that is not known before somebody listens', { listen: ['/ip4/127.0.0.1/tcp/0'] }],
    ['no such interface', { listen: ['/ip6/::/tcp/4710'] }],
  ])('do not come from %s: refused', (_, sources) => {
    expect(() => chooseAddresses({ ...SOURCES, ...sources })).toThrow(
      expect.objectContaining({ code: 'no_address' }),
    )
  })

  it.each(['/ip4/0.0.0.0/tcp/4710', 'nonsense', '/ip4/10.0.0.1/tcp/0', '/ip4/10.0.0.1/udp/9'])(
    'can not be named as %s',
    (address) => {
      expect(() => chooseAddresses({ ...SOURCES, named: [address] })).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^address_/) }),
      )
    },
  )

  it('beyond what a link holds are told apart', () => {
    const many = Array.from({ length: 18 }, (_, at) => `/ip4/10.0.0.${at + 1}/tcp/4710`)
    const { addresses, left } = chooseAddresses({ ...SOURCES, named: many })
    expect(addresses).toHaveLength(16)
    expect(left).toEqual(many.slice(16))
  })
})
