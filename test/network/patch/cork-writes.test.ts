import { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { ProbeConnection } from '../../../src/network/patch/check-connections.ts'
import { corkWrites } from '../../../src/network/patch/cork-writes.ts'
import { stopAll } from '../../support/network/two-nodes.ts'
import { underlying } from '../../support/network/underlying.ts'

afterEach(stopAll)

class TcpLike extends ProbeConnection {
  readonly socket = new Socket()
  sent = 0

  override sendData(data: { readonly byteLength: number }) {
    this.sent += 1
    return super.sendData(data)
  }
}

test('the installed TCP connections have a socket, and write through sendData', async () => {
  for (const connection of Object.values(await underlying('tcp'))) {
    expect(Reflect.get(connection, 'socket')).toBeInstanceOf(Socket)
    // Replaced on the connection itself, in front of the method of its class.
    expect(Object.hasOwn(connection, 'sendData')).toBe(true)
    expect(Reflect.get(Reflect.getPrototypeOf(connection) ?? {}, 'sendData')).toBeTypeOf('function')
  }
})

test('what one turn writes is corked until the turn is over', async () => {
  const connection = new TcpLike()
  corkWrites(connection)
  connection.send(Uint8Array.of(1))
  connection.send(Uint8Array.of(2))
  expect(connection.sent).toBe(2)
  expect(connection.socket.writableCorked).toBe(1)
  await new Promise((resolve) => setImmediate(resolve))
  expect(connection.socket.writableCorked).toBe(0)
})

test.each(['socket', 'sendData'])('a TCP connection without %s is refused', (name) => {
  const connection = new TcpLike()
  Reflect.set(connection, name, undefined)
  expect(() => corkWrites(connection)).toThrow(
    expect.objectContaining({
      code: 'dependency_changed',
      package: '@libp2p/tcp',
      version: '11.0.28',
      member: `TCPSocketMultiaddrConnection.${name}`,
    }),
  )
})
