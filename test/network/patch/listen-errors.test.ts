import type { Libp2p } from '@libp2p/interface'
import { expect, test } from 'vitest'
import { ListenError } from '../../../src/network/errors.ts'
import { nameListenErrors } from '../../../src/network/patch/listen-errors.ts'

test('start throws the first error of its listeners, and else its own', async () => {
  const own = new Error('no address')
  const node = { start: async () => await Promise.reject(own) } as unknown as Libp2p
  const errors: ListenError[] = []
  nameListenErrors(node, errors)
  await expect(node.start()).rejects.toBe(own)
  errors.push(new ListenError('/ip4/127.0.0.1/tcp/1', new Error('taken')))
  await expect(node.start()).rejects.toBe(errors[0])
})

test('a node without start is refused', () => {
  expect(() => nameListenErrors({} as Libp2p, [])).toThrow(
    expect.objectContaining({
      code: 'dependency_changed',
      package: 'libp2p',
      member: 'Libp2p.start',
    }),
  )
})
