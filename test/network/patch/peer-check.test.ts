import { type NoiseComponents, noise } from '@chainsafe/libp2p-noise'
import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface'
import { UnexpectedPeerError } from '@libp2p/interface'
import { expect, test } from 'vitest'
import { quietLogger } from '../../../src/network/guard/quiet-logger.ts'
import { ProbeConnection } from '../../../src/network/patch/check-connections.ts'
import { peerCheckingNoise } from '../../../src/network/patch/peer-check.ts'

const COMPONENTS = { logger: quietLogger } as NoiseComponents

function encrypterThat(secureOutbound: unknown, impostors = new WeakMap<object, boolean>()) {
  return peerCheckingNoise(impostors, (components) => {
    const encrypter = noise()(components)
    Reflect.set(encrypter, 'secureOutbound', secureOutbound)
    return encrypter
  })
}

test('the installed noise has secureOutbound', () => {
  const encrypter: ConnectionEncrypter = noise()(COMPONENTS)
  expect(encrypter.secureOutbound).toBeTypeOf('function')
})

test('a noise without secureOutbound is refused when the node is made', () => {
  expect(() => encrypterThat(undefined)(COMPONENTS)).toThrow(
    expect.objectContaining({
      code: 'dependency_changed',
      package: '@chainsafe/libp2p-noise',
      version: '17.0.0',
      member: 'Noise.secureOutbound',
    }),
  )
})

test.each([
  [new UnexpectedPeerError('somebody else'), true],
  [new Error('cut'), false],
])('%o is noted with its connection', async (error, isImpostor) => {
  const impostors = new WeakMap<object, boolean>()
  const fail = async (_: MessageStream): Promise<never> => await Promise.reject(error)
  const encrypter = encrypterThat(fail, impostors)(COMPONENTS)
  const connection = new ProbeConnection('outbound')
  await expect(encrypter.secureOutbound(connection)).rejects.toBe(error)
  expect(impostors.get(connection)).toBe(isImpostor)
})
