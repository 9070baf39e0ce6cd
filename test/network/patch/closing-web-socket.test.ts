import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Transport } from '@libp2p/interface'
import { type WebSocketsComponents, webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, onTestFinished, test } from 'vitest'
import { quietLogger } from '../../../src/network/guard/quiet-logger.ts'
import { closeWhatIsGivenUp } from '../../../src/network/patch/closing-web-socket.ts'

const stock = (): Transport => webSockets()({ logger: quietLogger } as WebSocketsComponents)

test('a transport without the method that opens WebSockets is refused', () => {
  const transport = stock()
  Reflect.set(transport, '_connect', undefined)
  expect(() => closeWhatIsGivenUp(transport)).toThrow(
    expect.objectContaining({ package: '@libp2p/websockets', member: 'WebSockets._connect' }),
  )
})

test('a WebSocket that is given up before it is open leaves no connection', async () => {
  const met = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<string>()
  const server = createServer((socket) => {
    socket.once('data', () => met.resolve())
    socket.once('close', () => closed.resolve('closed'))
    socket.on('error', () => undefined)
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const transport = stock()
  closeWhatIsGivenUp(transport)
  const given = new AbortController()
  const options = { signal: given.signal, upgrader: {} as never }
  const dialing = transport.dial(multiaddr(`/ip4/127.0.0.1/tcp/${port}/ws`), options)
  await met.promise
  given.abort(new Error('given up'))
  await expect(dialing).rejects.toThrow('given up')
  expect(await closed.promise).toBe('closed')
})
