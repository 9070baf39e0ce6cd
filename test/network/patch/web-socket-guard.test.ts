import { EventEmitter } from 'node:events'
import { Server } from 'node:net'
import type { Listener, Upgrader } from '@libp2p/interface'
import { TypedEventEmitter } from '@libp2p/interface'
import { webSockets } from '@libp2p/websockets'
import { afterEach, expect, test } from 'vitest'
import { networkLimits } from '../../../src/network/base/limits.ts'
import { quietLogger } from '../../../src/network/guard/quiet-logger.ts'
import { ProbeConnection } from '../../../src/network/patch/check-connections.ts'
import {
  guardWebSocketListener,
  mendWebSocket,
} from '../../../src/network/patch/web-socket-guard.ts'
import { stopAll } from '../../support/network/two-nodes.ts'
import { underlying } from '../../support/network/underlying.ts'

afterEach(stopAll)

/** A listener as the package makes it, which listens nowhere yet. */
function stockListener(): Listener {
  const components = { logger: quietLogger, events: new TypedEventEmitter<never>() }
  const create: (components: object) => ReturnType<ReturnType<typeof webSockets>> =
    webSockets() as never
  return create(components).createListener({ upgrader: {} as Upgrader })
}

test('the installed listener has all that is changed in it', async () => {
  const listener = stockListener()
  guardWebSocketListener(listener, networkLimits({ maxWebSocketMessageBytes: 1_000 }))
  expect(listener).toMatchObject({ wsServer: { options: { maxPayload: 1_000 } } })
  expect(Reflect.get(listener, 'server')).toBeInstanceOf(Server)
})

const LISTENER_MEMBERS = [
  ['@libp2p/websockets', 'WebSocketListener.wsServer', ['wsServer']],
  ['@libp2p/websockets', 'WebSocketListener.server', ['server']],
  ['@libp2p/websockets', 'WebSocketListener.close', ['close']],
  ['ws', 'WebSocketServer.options.maxPayload', ['wsServer', 'options', 'maxPayload']],
  ['ws', 'WebSocketServer.handleUpgrade', ['wsServer', 'handleUpgrade']],
] as const

test.each(LISTENER_MEMBERS)('a listener of a %s without %s is refused', (inside, member, path) => {
  const listener = stockListener()
  let owner: object = listener
  for (const name of path.slice(0, -1)) owner = Reflect.get(owner, name)
  Reflect.set(owner, path.at(-1) ?? '', undefined)
  expect(() => guardWebSocketListener(listener, networkLimits())).toThrow(
    expect.objectContaining({ code: 'dependency_changed', package: inside, member }),
  )
})

test('the installed connections have all that is changed in them', async () => {
  const { inbound, outbound } = await underlying('ws')
  for (const connection of [inbound, outbound]) {
    const stock = Reflect.getPrototypeOf(connection) ?? {}
    for (const name of ['sendPause', 'sendResume']) {
      expect(Reflect.get(stock, name)).toBeTypeOf('function')
    }
  }
  const websocket: unknown = Reflect.get(inbound, 'websocket')
  expect(websocket).toBeInstanceOf(EventEmitter)
  expect(websocket).toMatchObject({
    pause: expect.any(Function),
    resume: expect.any(Function),
    terminate: expect.any(Function),
  })
  expect(Reflect.get(outbound, 'websocket')).toBeInstanceOf(WebSocket)
})

test('an inbound socket is not read while its connection is paused', async () => {
  const { inbound } = await underlying('ws')
  for (const [name, isPaused] of [
    ['pause', true],
    ['resume', false],
  ] as const) {
    Reflect.apply(Reflect.get(inbound, name), inbound, [])
    expect(inbound).toMatchObject({ websocket: { isPaused } })
  }
})

/** A socket as ws has it, of which everything is written down. */
class Socket extends EventEmitter {
  readonly told: string[] = []
  readonly pause = () => this.told.push('pause')
  readonly resume = () => this.told.push('resume')
  readonly terminate = () => this.told.push('terminate')
}

class WebSocketLike extends ProbeConnection {
  readonly websocket = new Socket()
}

test('an error of the socket harms nothing else, and an abort ends the socket', () => {
  const connection = new WebSocketLike()
  mendWebSocket(connection)
  expect(() => connection.websocket.emit('error', new Error('no frame'))).not.toThrow()
  connection.pause()
  connection.resume()
  connection.abort(new Error('enough'))
  expect(connection.websocket.told).toEqual(['pause', 'resume', 'terminate'])
})

test.each(['on', 'pause', 'resume', 'terminate'])(
  'an inbound socket without %s is refused',
  (name) => {
    const connection = new WebSocketLike()
    Reflect.set(connection.websocket, name, undefined)
    expect(() => mendWebSocket(connection)).toThrow(
      expect.objectContaining({ package: 'ws', version: '8.23.0', member: `WebSocket.${name}` }),
    )
  },
)

test.each([
  ['inbound', 'websocket', 'websocket'],
  ['inbound', 'sendPause', 'sendPause'],
  ['inbound', 'sendResume', 'sendResume'],
  ['outbound', 'websocket', 'websocket'],
] as const)('an %s connection without %s is refused', (direction, name, member) => {
  const connection = new WebSocketLike(direction)
  Reflect.set(connection, name, undefined)
  expect(() => mendWebSocket(connection)).toThrow(
    expect.objectContaining({
      package: '@libp2p/websockets',
      version: '10.1.21',
      member: `WebSocketMultiaddrConnection.${member}`,
    }),
  )
})

test('an outbound socket that can not be closed is refused', () => {
  expect(() => mendWebSocket(new WebSocketLike('outbound'))).toThrow(
    expect.objectContaining({ member: 'WebSocketMultiaddrConnection.websocket.close' }),
  )
})
