import { AbstractMultiaddrConnection } from '@libp2p/utils'
import { afterEach, expect, test, vi } from 'vitest'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createDialNode, createNode } from '../../../src/network/node/node.ts'
import { checkConnections, ProbeConnection } from '../../../src/network/patch/check-connections.ts'
import { TCP } from '../../support/network/two-nodes.ts'

afterEach(() => vi.restoreAllMocks())

test('the installed connections call, on each of them, what is replaced there', () => {
  expect(() => checkConnections()).not.toThrow()
})

test.each(['sendData', 'sendPause', 'sendResume'])('a connection without %s is refused', (name) => {
  const connection = new ProbeConnection()
  Reflect.set(connection, name, undefined)
  expect(() => checkConnections(connection)).toThrow(
    expect.objectContaining({
      code: 'dependency_changed',
      package: '@libp2p/utils',
      version: '7.4.1',
      member: `AbstractMessageStream.${name}`,
    }),
  )
})

test('no node is made when connections do not call it any more', async () => {
  vi.spyOn(AbstractMultiaddrConnection.prototype, 'pause').mockImplementation(() => undefined)
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  const refusal = { code: 'dependency_changed', member: 'call of AbstractMessageStream.sendPause' }
  await expect(createNode({ privateKey, listen: [TCP] })).rejects.toMatchObject(refusal)
  await expect(createDialNode({ privateKey })).rejects.toMatchObject(refusal)
})
