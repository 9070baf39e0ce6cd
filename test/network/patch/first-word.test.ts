import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { ProbeConnection } from '../../../src/network/patch/check-connections.ts'
import { firstWord } from '../../../src/network/patch/first-word.ts'

class TcpLike extends ProbeConnection {
  readonly socket = new Socket()
}

test.each(['data', 'close'])('is over with the %s of the socket', async (event) => {
  const connection = new TcpLike()
  const word = firstWord(connection, 20_000)
  connection.socket.emit(event)
  await word
  expect(connection.socket.listenerCount(event)).toBe(0)
  expect(connection.status).toBe('open')
})

test('silence ends the connection', async () => {
  const connection = new TcpLike()
  void firstWord(connection, 20)
  await expect.poll(() => connection.status).toBe('aborted')
})

test('a TCP connection without a socket is refused', () => {
  expect(() => firstWord(new ProbeConnection(), 20)).toThrow(
    expect.objectContaining({ member: 'TCPSocketMultiaddrConnection.socket' }),
  )
})
