import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Transport, Upgrader } from '@libp2p/interface'
import { type TCPComponents, tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, onTestFinished, test } from 'vitest'
import { networkLimits } from '../../../src/network/base/limits.ts'
import { HandshakeTurns } from '../../../src/network/guard/handshake-turns.ts'
import { quietLogger } from '../../../src/network/guard/quiet-logger.ts'
import { guardedTransport } from '../../../src/network/patch/guarded-transport.ts'
import { changed } from '../../../src/network/patch/packages.ts'
import { TCP_PATCHES, type TransportPatches } from '../../../src/network/patch/transport-patches.ts'

const COMPONENTS = { logger: quietLogger } as TCPComponents

function guarded(change: (transport: Transport) => void, patches: TransportPatches = TCP_PATCHES) {
  const limits = networkLimits()
  const guards = {
    limits,
    listenErrors: [],
    impostors: new WeakMap(),
    turns: new HandshakeTurns(limits),
    dials: [],
  }
  const create = (components: TCPComponents): Transport => {
    const transport = tcp()(components)
    change(transport)
    return transport
  }
  return guardedTransport(create, guards, patches)(COMPONENTS)
}

test.each(['createListener', 'dial', 'dialFilter'])('a transport without %s is refused', (name) => {
  expect(() => guarded((transport) => Reflect.set(transport, name, undefined))).toThrow(
    expect.objectContaining({
      code: 'dependency_changed',
      package: '@libp2p/tcp',
      member: `Transport.${name}`,
    }),
  )
})

test('a transport whose listeners do not listen is refused when it starts', () => {
  const transport = guarded((stock) => Reflect.set(stock, 'createListener', () => ({})))
  expect(() => transport.createListener({ upgrader: {} as Upgrader })).toThrow(
    expect.objectContaining({ package: '@libp2p/tcp', member: 'Listener.listen' }),
  )
})

test('a dial whose connection is another than it was says so, and not that nobody answered', async () => {
  const server = createServer((socket) => socket.resume().on('error', () => undefined))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const patches: TransportPatches = {
    ...TCP_PATCHES,
    mend: () => {
      throw changed('@libp2p/tcp', 'TCPSocketMultiaddrConnection.socket')
    },
  }
  const transport = guarded(() => undefined, patches)
  const dialing = transport.dial(multiaddr(`/ip4/127.0.0.1/tcp/${port}`), {
    upgrader: {} as Upgrader,
    signal: AbortSignal.timeout(20_000),
  })
  await expect(dialing).rejects.toMatchObject({ code: 'dependency_changed' })
})
