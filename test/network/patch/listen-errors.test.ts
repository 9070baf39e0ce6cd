import type { Libp2p } from '@libp2p/interface'
import { expect, test } from 'vitest'
import { ListenError } from '../../../src/network/errors.ts'
import { missingAddresses, nameListenErrors } from '../../../src/network/patch/listen-errors.ts'

function fake(start: () => Promise<void>): Libp2p {
  return { start, stop: async () => undefined } as unknown as Libp2p
}

function failure(address: string, code: string): ListenError {
  return new ListenError(address, Object.assign(new Error(code), { code }))
}

test('start throws the first error of its listeners, and else its own', async () => {
  const own = new Error('no address')
  const node = fake(async () => await Promise.reject(own))
  const errors: ListenError[] = []
  nameListenErrors(node, errors)
  await expect(node.start()).rejects.toBe(own)
  errors.push(new ListenError('/ip4/127.0.0.1/tcp/1', new Error('taken')))
  await expect(node.start()).rejects.toBe(errors[0])
})

test.each([
  ['/ip6/::/tcp/4710', 'EADDRINUSE'],
  ['/ip6/::1/tcp/80', 'EACCES'],
  ['/ip6/2001:db8::1/tcp/4710', 'EADDRNOTAVAIL'],
])(
  'an address of IPv6 that fails fails the start, whatever libp2p makes of it: %s, %s',
  async (address, code) => {
    const errors = [failure(address, code)]
    const node = fake(async () => undefined)
    nameListenErrors(node, errors)
    await expect(node.start()).rejects.toBe(errors[0])
  },
)

test.each(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])(
  'a computer without IPv6 starts, and the address is told as missing: %s',
  async (code) => {
    const errors = [failure('/ip6/::/tcp/4710', code)]
    const node = fake(async () => undefined)
    nameListenErrors(node, errors)
    await node.start()
    expect(missingAddresses(node)).toEqual(errors)
  },
)

test('a node without start is refused', () => {
  expect(() => nameListenErrors({} as Libp2p, [])).toThrow(
    expect.objectContaining({
      code: 'dependency_changed',
      package: 'libp2p',
      member: 'Libp2p.start',
    }),
  )
})
